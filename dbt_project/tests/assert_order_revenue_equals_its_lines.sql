-- Orders and lines are two views of the same money: what an order says must be what its lines add up to, to the cent.
with

of_lines as (
    select
        order_id,
        sum(revenue) as revenue,
        sum(line_amount) as line_amount,
        sum(quantity) as quantity,
        count(*) as line_count
    from {{ ref('fct_order_lines') }}
    group by order_id
),

orders as (
    select * from {{ ref('fct_orders') }}
),

apart as (
    select
        orders.order_id,
        orders.revenue,
        of_lines.revenue as revenue_of_lines
    from orders
    full outer join of_lines on orders.order_id = of_lines.order_id
    where
        orders.order_id is null
        or orders.line_count <> coalesce(of_lines.line_count, 0)
        or orders.quantity <> coalesce(of_lines.quantity, 0)
        or orders.line_amount <> coalesce(of_lines.line_amount, 0)
        or (not orders.is_held and orders.revenue is distinct from coalesce(of_lines.revenue, 0))
)

select * from apart
