{% set days -%}
    select conversions.converted_on as affected_on
    from {{ ref('fct_conversions') }} as conversions
    semi join {{ ref('int_affected_conversions') }} as affected
        on conversions.conversion_id = affected.conversion_id
    union all
    select converted_on as affected_on from {{ changed('fct_conversions') }}
{%- endset -%}
-- Grain: one row a day of conversion whose attribution this increment adds up anew; none in a build that computes
-- everything.
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
