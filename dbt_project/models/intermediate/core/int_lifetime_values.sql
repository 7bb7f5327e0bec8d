-- One row per LTV KPI, day on which horizons closed and shop of the first order: the customers, and what they had brought
-- by then. A customer with an order of unknown margin is not one of them.
with

-- An order that names nobody can never be followed by another: it belongs to no cohort.
orders as (
    select * from {{ ref('fct_orders') }}
    where not is_cancelled and customer_key <> 'order:' || order_id
),

refunds as (
    select
        order_id,
        refunded_on,
        refund_amount
    from {{ ref('fct_refunds') }}
    where not is_cancelled and not is_held
),

horizons as (
    select
        kpi_id,
        cast(parameter as int) as horizon_days,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id in ('ltv_90', 'ltv_180', 'ltv_365')
),

cohorts as (
    select
        horizons.kpi_id,
        orders.customer_key,
        orders.shop,
        orders.ordered_on + horizons.horizon_days as closed_on
    from orders
    inner join horizons on orders.ordered_on >= horizons.valid_from and orders.ordered_on < horizons.valid_to
    where
        orders.is_first_order
        and {{ happened_by_as_of('orders.ordered_on + horizons.horizon_days', 'date') }}
),

flows as (
    select
        customer_key,
        ordered_on as happened_on,
        margin as amount
    from orders
    union all
    select
        orders.customer_key,
        refunds.refunded_on,
        -refunds.refund_amount as amount
    from refunds
    inner join orders on refunds.order_id = orders.order_id
),

customers as (
    select
        cohorts.kpi_id,
        cohorts.closed_on,
        cohorts.shop,
        cohorts.customer_key,
        sum(flows.amount) as margin
    from cohorts
    inner join flows on cohorts.customer_key = flows.customer_key and flows.happened_on < cohorts.closed_on
    group by cohorts.kpi_id, cohorts.closed_on, cohorts.shop, cohorts.customer_key
    having count(*) = count(flows.amount)
),

summed as (
    select
        kpi_id,
        closed_on,
        shop,
        cast(sum(margin) as decimal(18, 2)) as margin,
        cast(count(*) as bigint) as customers
    from customers
    group by kpi_id, closed_on, shop
)

select * from summed
