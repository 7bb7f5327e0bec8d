-- Grain: one row a day whose ad spend this increment computes anew; none in a build that computes everything.
-- depends_on: {{ ref('stg_ad_spend') }}
-- depends_on: {{ ref('int_fx_rates_daily') }}
with

{% if is_increment() -%}
    days as (
        select spend_on as affected_on from {{ changed('stg_ad_spend') }}
        union all
        select converted_on as affected_on from {{ changed('int_fx_rates_daily') }}
    ),

    affected as (
        select distinct affected_on from days
    )

{%- else -%}
    affected as (
        select cast(null as date) as affected_on
        where false
    )
{%- endif %}

select * from affected
