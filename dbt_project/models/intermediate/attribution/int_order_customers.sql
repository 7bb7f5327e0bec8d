-- Grain: one row an order with the customer it counts for.
with

orders as (
    select
        order_id,
        visitor_id,
        customer_id
    from {{ ref('stg_orders') }}
),

links as (
    select
        visitor_id,
        customer_id
    from {{ ref('int_identity_links') }}
),

keyed as (
    select
        orders.order_id,
        coalesce(
            orders.customer_id,
            links.customer_id,
            'visitor:' || orders.visitor_id,
            'order:' || orders.order_id
        ) as customer_key
    from orders
    left join links
        on orders.visitor_id = links.visitor_id
)

select * from keyed
