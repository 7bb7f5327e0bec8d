with

newest as (
    {{ newest_version('products') }}
),

typed as (
    select
        cast(product_id as string) as product_id,
        cast(product_name as string) as product_name,
        cast(brand as string) as brand,
        cast(category as string) as category,
        cast(unit_cost as decimal(18, 6)) as unit_cost,
        cast(cost_currency as string) as cost_currency,
        cast(list_price as decimal(18, 2)) as list_price,
        cast(is_flagship as boolean) as is_flagship,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
