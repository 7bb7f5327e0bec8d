-- One row per order not cancelled, with its place among its customer's orders; ties of the instant break by order id.
with

orders as (
    select * from {{ ref('stg_orders') }}
),

customers as (
    select * from {{ ref('int_order_customers') }}
),

numbered as (
    select
        orders.order_id,
        customers.customer_key,
        cast(row_number() over (
            partition by customers.customer_key order by orders.ordered_at, orders.order_id
        ) as bigint) as customer_order_number
    from orders
    inner join customers on orders.order_id = customers.order_id
    where orders.status <> 'cancelled'
)

select * from numbered
