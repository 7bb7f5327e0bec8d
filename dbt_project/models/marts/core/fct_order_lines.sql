-- One row per line of an order. Revenue and cost add up; rows of cancelled orders carry 0, of held ones NULL.
with

lines as (
    select * from {{ ref('int_order_lines_converted') }}
    where {{ on_affected_days('int_affected_order_days', day='ordered_on') }}
),

customers as (
    select * from {{ ref('int_order_customers') }}
),

judged as (
    select
        lines.order_id,
        lines.line_id,
        customers.customer_key,
        lines.product_id,
        lines.brand,
        lines.category,
        lines.is_flagship,
        lines.shop,
        lines.ordered_at,
        lines.ordered_on,
        lines.is_cancelled,
        not lines.is_cancelled and lines.base_amount is null as is_held,
        lines.currency,
        lines.quantity,
        lines.line_amount,
        case when lines.is_cancelled then 0 else lines.base_amount end as revenue,
        case when lines.is_cancelled then 0 else lines.base_discount end as discount,
        -- A held line counts nowhere: its cost would stand without its revenue.
        case
            when lines.is_cancelled then 0
            when lines.base_amount is not null then lines.base_cost
        end as cost
    from lines
    left join customers on lines.order_id = customers.order_id
),

rounded as (
    select
        order_id,
        line_id,
        customer_key,
        product_id,
        brand,
        category,
        is_flagship,
        shop,
        ordered_at,
        ordered_on,
        is_cancelled,
        is_held,
        currency,
        quantity,
        line_amount,
        {{ round_money('revenue') }} as revenue,
        {{ round_money('discount') }} as discount,
        {{ round_money('cost', 6) }} as cost,
        {{ round_money('revenue - cost') }} as margin
    from judged
)

select * from rounded
