-- A refund counts on its own day and on its order: both ways must give the same money.
with

orders as (
    select coalesce(sum(refunds), 0) as refunds from {{ ref('fct_orders') }}
),

refunds as (
    select coalesce(sum(refunds.refund_amount), 0) as refunds
    from {{ ref('fct_refunds') }} as refunds
    inner join {{ ref('fct_orders') }} as known on refunds.order_id = known.order_id
),

apart as (
    select
        orders.refunds as refunds_of_orders,
        refunds.refunds as refunds_by_day
    from orders
    inner join refunds on orders.refunds <> refunds.refunds
)

select * from apart
