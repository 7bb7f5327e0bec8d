-- One row per refund, with what is known of its order and its amount in the base currency, unrounded.
with

refunds as (
    select * from {{ ref('stg_refunds') }}
),

orders as (
    select * from {{ ref('stg_orders') }}
),

lines as (
    select * from {{ ref('int_order_lines_converted') }}
),

rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

placed as (
    select
        refunds.refund_id,
        refunds.order_id,
        refunds.line_id,
        coalesce(lines.shop, orders.shop, '(none)') as shop,
        coalesce(lines.category, '(none)') as category,
        refunds.refunded_at,
        {{ business_day('refunds.refunded_at') }} as refunded_on,
        coalesce(orders.status = 'cancelled', false) as is_cancelled,
        coalesce(refunds.currency, orders.currency) as currency,
        refunds.amount,
        orders.currency as order_currency,
        {{ business_day('orders.ordered_at') }} as ordered_on
    from refunds
    left join orders on refunds.order_id = orders.order_id
    left join lines on refunds.order_id = lines.order_id and refunds.line_id = lines.line_id
),

converted as (
    select
        placed.refund_id,
        placed.order_id,
        placed.line_id,
        placed.shop,
        placed.category,
        placed.refunded_at,
        placed.refunded_on,
        placed.is_cancelled,
        placed.currency,
        placed.amount,
        {{ to_base('placed.amount', 'placed.currency', 'rates.rate') }} as base_amount,
        placed.order_currency is not null
        and {{ to_base('1', 'placed.order_currency', 'order_rates.rate') }} is null as is_order_unconverted
    from placed
    left join rates
        on placed.currency = rates.currency and placed.refunded_on = rates.converted_on
    left join rates as order_rates
        on placed.order_currency = order_rates.currency and placed.ordered_on = order_rates.converted_on
)

select * from converted
