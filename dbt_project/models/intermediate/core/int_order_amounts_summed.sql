-- One row per order that has lines or refunds, with the sums over them.
with

lines as (
    select * from {{ ref('fct_order_lines') }}
),

refunds as (
    select * from {{ ref('fct_refunds') }}
),

of_lines as (
    select
        order_id,
        count(*) as line_count,
        sum(quantity) as quantity,
        sum(line_amount) as line_amount,
        sum(revenue) as revenue,
        -- One line of unknown cost makes the order's cost and margin unknown, not smaller.
        case when count(cost) = count(*) then sum(cost) end as cost,
        case when count(margin) = count(*) then sum(margin) end as margin
    from lines
    group by order_id
),

of_refunds as (
    select
        order_id,
        sum(refund_amount) as refunds
    from refunds
    where order_id is not null
    group by order_id
),

summed as (
    select
        coalesce(of_lines.order_id, of_refunds.order_id) as order_id,
        of_lines.order_id is null as has_no_lines,
        coalesce(of_lines.line_count, 0) as line_count,
        coalesce(of_lines.quantity, 0) as quantity,
        coalesce(of_lines.line_amount, 0) as line_amount,
        case when of_lines.order_id is null then 0 else of_lines.revenue end as revenue,
        case when of_lines.order_id is null then 0 else of_lines.cost end as cost,
        case when of_lines.order_id is null then 0 else of_lines.margin end as margin,
        coalesce(of_refunds.refunds, 0) as refunds
    from of_lines
    full outer join of_refunds on of_lines.order_id = of_refunds.order_id
),

typed as (
    select
        order_id,
        has_no_lines,
        cast(line_count as bigint) as line_count,
        cast(quantity as bigint) as quantity,
        cast(line_amount as decimal(18, 2)) as line_amount,
        cast(revenue as decimal(18, 2)) as revenue,
        cast(cost as decimal(18, 6)) as cost,
        cast(margin as decimal(18, 2)) as margin,
        cast(refunds as decimal(18, 2)) as refunds
    from summed
)

select * from typed
