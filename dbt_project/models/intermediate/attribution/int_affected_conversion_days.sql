{% set milestones -%}
    (
        select touch_kind from {{ ref('conversion_types') }}
        where kind = 'touch'
    ) as milestones
{%- endset -%}
{% set days -%}
    select ordered_on as affected_on from {{ changed('fct_orders') }}
    union all
    select touches.touched_on as affected_on
    from {{ changed('fct_touches') }} as touches
    semi join {{ milestones }} on touches.touch_kind = milestones.touch_kind
    union all
    -- Which of a customer's milestones comes first may change with any of them.
    select touches.touched_on as affected_on
    from {{ ref('fct_touches') }} as touches
    semi join {{ milestones }} on touches.touch_kind = milestones.touch_kind
    semi join {{ changed('fct_touches') }} as moved
        on touches.customer_key = moved.customer_key and touches.touch_kind = moved.touch_kind
{%- endset -%}
-- Grain: one row a day whose conversions this increment computes anew; none in a build that computes everything.
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
