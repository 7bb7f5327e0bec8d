-- Grain: one row a day whose stock this increment values anew; none in a build that computes everything.
{% set days -%}
    select counted_on as affected_on from {{ changed('stg_inventory_levels') }}
    union all
    select levels.counted_on as affected_on
    from {{ ref('stg_inventory_levels') }} as levels
    semi join {{ changed('stg_products') }} as products on levels.product_id = products.product_id
    union all
    select converted_on as affected_on from {{ changed('int_fx_rates_daily') }}
{%- endset -%}
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
