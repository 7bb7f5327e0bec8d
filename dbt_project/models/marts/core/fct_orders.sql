-- One row per order. Money adds up: 0 where cancelled, NULL where held. customer_order_number does not add up.
with

orders as (
    select * from {{ ref('stg_orders') }}
    where {{ on_affected_days('int_affected_order_days', instant='ordered_at') }}
),

customers as (
    select * from {{ ref('int_order_customers') }}
),

numbered as (
    select * from {{ ref('int_customer_orders_numbered') }}
),

sums as (
    select * from {{ ref('int_order_amounts_summed') }}
),

incomplete as (
    select * from {{ ref('int_orders_incomplete') }}
),

shops as (
    select * from {{ ref('dim_shops') }}
),

rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

placed as (
    select
        order_id,
        customer_id,
        coalesce(shop, '(none)') as shop,
        coalesce(region, '(none)') as region,
        ordered_at,
        {{ business_day('ordered_at') }} as ordered_on,
        status,
        status = 'cancelled' as is_cancelled,
        promotion_id,
        currency
    from orders
),

judged as (
    select
        placed.order_id,
        customers.customer_key,
        placed.customer_id,
        placed.shop,
        shops.shop_kind,
        placed.region,
        placed.ordered_at,
        placed.ordered_on,
        placed.status,
        placed.is_cancelled,
        placed.promotion_id,
        incomplete.order_id is not null as is_incomplete,
        coalesce(sums.has_no_lines, true) as has_no_lines,
        not placed.is_cancelled and {{ to_base('1', 'placed.currency', 'rates.rate') }} is null as is_held,
        placed.currency,
        coalesce(sums.line_count, 0) as line_count,
        coalesce(sums.quantity, 0) as quantity,
        coalesce(sums.line_amount, 0) as line_amount,
        case when sums.order_id is null then 0 else sums.revenue end as revenue,
        case when sums.order_id is null then 0 else sums.cost end as cost,
        case when sums.order_id is null then 0 else sums.margin end as margin,
        coalesce(sums.refunds, 0) as refunds,
        numbered.customer_order_number,
        coalesce(numbered.customer_order_number = 1, false) as is_first_order
    from placed
    left join customers on placed.order_id = customers.order_id
    left join numbered on placed.order_id = numbered.order_id
    left join sums on placed.order_id = sums.order_id
    left join incomplete on placed.order_id = incomplete.order_id
    left join shops on placed.shop = shops.shop
    left join rates on placed.currency = rates.currency and placed.ordered_on = rates.converted_on
),

typed as (
    select
        order_id,
        customer_key,
        customer_id,
        shop,
        shop_kind,
        region,
        ordered_at,
        ordered_on,
        status,
        is_cancelled,
        promotion_id,
        is_incomplete,
        has_no_lines,
        is_held,
        currency,
        cast(line_count as bigint) as line_count,
        cast(quantity as bigint) as quantity,
        cast(line_amount as decimal(18, 2)) as line_amount,
        cast(case when not is_held then revenue end as decimal(18, 2)) as revenue,
        cast(case when not is_held then cost end as decimal(18, 6)) as cost,
        cast(case when not is_held then margin end as decimal(18, 2)) as margin,
        cast(refunds as decimal(18, 2)) as refunds,
        customer_order_number,
        is_first_order
    from judged
)

select * from typed
