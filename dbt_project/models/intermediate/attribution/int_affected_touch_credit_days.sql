{% set days -%}
    select touches.touched_on as affected_on
    from {{ ref('fct_touches') }} as touches
    semi join {{ changed('touch_credits') }} as credits on touches.touch_id = credits.touch_id
    union all
    select conversions.converted_on as affected_on
    from {{ ref('fct_conversions') }} as conversions
    semi join (
        select conversion_id from {{ changed('touch_credits') }}
        where touch_id is null
    ) as credits on conversions.conversion_id = credits.conversion_id
    union all
    -- A touch of another day, channel or campaign takes its credits along.
    select touched_on as affected_on from {{ changed('fct_touches') }}
    union all
    -- The same credits of an order that becomes its customer's first bring a new customer.
    select touches.touched_on as affected_on
    from {{ ref('fct_touches') }} as touches
    semi join (
        select credits.touch_id
        from {{ ref('touch_credits') }} as credits
        semi join {{ changed('fct_conversions') }} as conversions
            on credits.conversion_id = conversions.conversion_id
    ) as credits on touches.touch_id = credits.touch_id
    union all
    select converted_on as affected_on from {{ changed('fct_conversions') }}
{%- endset -%}
-- Grain: one row a day whose credits by the day of the touch this increment adds up anew; none in a build that computes
-- everything.
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
