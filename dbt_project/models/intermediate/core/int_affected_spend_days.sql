-- Grain: one row a day whose ad spend this increment computes anew; none in a build that computes everything.
{% set days -%}
    select spend_on as affected_on from {{ changed('stg_ad_spend') }}
    union all
    select converted_on as affected_on from {{ changed('int_fx_rates_daily') }}
{%- endset -%}
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
