-- One row per customer: those on record and whoever ordered. Visitors who never ordered have no row.
with

customers as (
    select * from {{ ref('stg_customers') }}
),

order_customers as (
    select * from {{ ref('int_order_customers') }}
),

numbered as (
    select * from {{ ref('int_customer_orders_numbered') }}
),

orders as (
    select * from {{ ref('stg_orders') }}
),

known as (
    select customer_id as customer_key from customers
    union
    select customer_key from order_customers
),

ordered as (
    select
        numbered.customer_key,
        min(orders.ordered_at) as first_ordered_at,
        count(*) as order_count
    from numbered
    inner join orders on numbered.order_id = orders.order_id
    group by numbered.customer_key
),

described as (
    select
        known.customer_key,
        customers.customer_id,
        coalesce(customers.segment, '(none)') as segment,
        coalesce(customers.region, '(none)') as region,
        ordered.first_ordered_at,
        cast(coalesce(ordered.order_count, 0) as bigint) as order_count
    from known
    left join customers on known.customer_key = customers.customer_id
    left join ordered on known.customer_key = ordered.customer_key
)

select * from described
