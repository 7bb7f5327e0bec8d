with

newest as (
    {{ newest_version('orders') }}
),

typed as (
    select
        cast(order_id as string) as order_id,
        cast(ordered_at as timestamp) as ordered_at,
        cast(updated_at as timestamp) as updated_at,
        cast(status as string) as status,
        cast(shop as string) as shop,
        cast(customer_id as string) as customer_id,
        cast(visitor_id as string) as visitor_id,
        cast(currency as string) as currency,
        cast(tax_amount as decimal(18, 2)) as tax_amount,
        cast(freight_amount as decimal(18, 2)) as freight_amount,
        cast(promotion_id as string) as promotion_id,
        cast(region as string) as region
    from newest
)

select * from typed
