-- Grain: one row a day whose stock this increment values anew; none in a build that computes everything.
-- depends_on: {{ ref('stg_inventory_levels') }}
-- depends_on: {{ ref('stg_products') }}
-- depends_on: {{ ref('int_fx_rates_daily') }}
with

{% if is_increment() -%}
    days as (
        select counted_on as affected_on from {{ changed('stg_inventory_levels') }}
        union all
        select levels.counted_on as affected_on
        from {{ ref('stg_inventory_levels') }} as levels
        semi join {{ changed('stg_products') }} as products on levels.product_id = products.product_id
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
