with

newest as (
    {{ newest_version('order_lines') }}
),

typed as (
    select
        cast(order_id as string) as order_id,
        cast(line_id as string) as line_id,
        cast(updated_at as timestamp) as updated_at,
        cast(product_id as string) as product_id,
        cast(shop as string) as shop,
        cast(quantity as bigint) as quantity,
        cast(line_amount as decimal(18, 2)) as line_amount,
        cast(discount_amount as decimal(18, 2)) as discount_amount,
        cast(unit_cost as decimal(18, 6)) as unit_cost
    from newest
)

select * from typed
