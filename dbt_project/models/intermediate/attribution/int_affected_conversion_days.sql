{% set days -%}
    select ordered_on as affected_on from {{ changed('fct_orders') }}
    union all
    select touches.touched_on as affected_on
    from {{ changed('fct_touches') }} as touches
    semi join types on touches.touch_kind = types.touch_kind
    union all
    -- Which of a customer's touches comes first may change with any of them.
    select touches.touched_on as affected_on
    from {{ ref('fct_touches') }} as touches
    semi join types on touches.touch_kind = types.touch_kind
    semi join {{ changed('fct_touches') }} as changed_touches on touches.customer_key = changed_touches.customer_key
{%- endset -%}
-- Grain: one row a day whose conversions this increment computes anew; none in a build that computes everything.
with

types as (
    select touch_kind from {{ ref('conversion_types') }}
    where kind = 'touch'
),

affected as (
    {{ distinct_days(days) }}
)

select * from affected
