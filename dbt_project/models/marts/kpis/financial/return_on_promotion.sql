-- One row per day and promotion: margin before discount of the orders under it, over its discounts and other costs.
with

promoted as (
    select
        order_id,
        promotion_id
    from {{ ref('fct_orders') }}
    where not is_cancelled and promotion_id is not null
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where not is_cancelled and not is_held and margin is not null
),

costs as (
    select * from {{ ref('fct_promotion_costs') }}
    where not is_held
),

flows as (
    select
        order_lines.ordered_on as measured_on,
        promoted.promotion_id,
        order_lines.margin + coalesce(order_lines.discount, 0) as gain,
        coalesce(order_lines.discount, 0) as cost,
        1 as line_count
    from order_lines
    inner join promoted on order_lines.order_id = promoted.order_id
    union all
    select
        cost_on,
        promotion_id,
        0 as gain,
        cost,
        0 as line_count
    from costs
),

summed as (
    select
        measured_on,
        'promotion' as dimension,
        promotion_id as dimension_value,
        cast(sum(gain) as decimal(28, 10)) as numerator,
        cast(sum(cost) as decimal(28, 10)) as denominator,
        cast(sum(line_count) as bigint) as sample_size
    from flows
    group by measured_on, promotion_id
)

select * from summed
