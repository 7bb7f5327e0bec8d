-- One row per line of an order that was placed by as_of, with its amounts in the base currency, unrounded.
with

lines as (
    select * from {{ ref('stg_order_lines') }}
),

orders as (
    select * from {{ ref('stg_orders') }}
    where {{ on_affected_days('int_affected_line_days', instant='ordered_at') }}
),

products as (
    select * from {{ ref('stg_products') }}
),

rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

priced as (
    select
        lines.order_id,
        lines.line_id,
        lines.product_id,
        coalesce(products.brand, '(none)') as brand,
        coalesce(products.category, '(none)') as category,
        coalesce(products.is_flagship, false) as is_flagship,
        coalesce(lines.shop, orders.shop, '(none)') as shop,
        orders.ordered_at,
        {{ business_day('orders.ordered_at') }} as ordered_on,
        orders.status = 'cancelled' as is_cancelled,
        orders.currency,
        lines.quantity,
        lines.line_amount,
        coalesce(lines.discount_amount, 0) as discount_amount,
        cast(lines.quantity * coalesce(lines.unit_cost, products.unit_cost) as decimal(18, 6)) as cost_amount,
        case
            when lines.unit_cost is null then products.cost_currency
            else orders.currency
        end as cost_currency
    from lines
    inner join orders on lines.order_id = orders.order_id
    left join products on lines.product_id = products.product_id
),

converted as (
    select
        priced.order_id,
        priced.line_id,
        priced.product_id,
        priced.brand,
        priced.category,
        priced.is_flagship,
        priced.shop,
        priced.ordered_at,
        priced.ordered_on,
        priced.is_cancelled,
        priced.currency,
        priced.quantity,
        priced.line_amount,
        priced.cost_amount,
        priced.cost_currency,
        {{ to_base('priced.line_amount', 'priced.currency', 'rates.rate') }} as base_amount,
        {{ to_base('priced.discount_amount', 'priced.currency', 'rates.rate') }} as base_discount,
        {{ to_base('priced.cost_amount', 'priced.cost_currency', 'cost_rates.rate') }} as base_cost
    from priced
    left join rates
        on priced.currency = rates.currency and priced.ordered_on = rates.converted_on
    left join rates as cost_rates
        on priced.cost_currency = cost_rates.currency and priced.ordered_on = cost_rates.converted_on
)

select * from converted
