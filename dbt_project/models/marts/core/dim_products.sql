-- One row per product. unit_cost stands in cost_currency and does not add up.
with

products as (
    select * from {{ ref('stg_products') }}
),

named as (
    select
        product_id,
        coalesce(product_name, product_id) as product_name,
        coalesce(brand, '(none)') as brand,
        coalesce(category, '(none)') as category,
        coalesce(is_flagship, false) as is_flagship,
        unit_cost,
        cost_currency
    from products
)

select * from named
