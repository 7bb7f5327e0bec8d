-- One row per day, dimension and value: revenue on the order's day less refunds on the refund's. Never sum dimensions.
with

order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where not is_cancelled and not is_held
),

refunds as (
    select * from {{ ref('fct_refunds') }}
    where not is_cancelled and not is_held
),

flows as (
    select
        ordered_on as measured_on,
        shop,
        category,
        revenue as amount,
        1 as line_count
    from order_lines
    union all
    select
        refunded_on,
        shop,
        category,
        -refund_amount as amount,
        0 as line_count
    from refunds
),

dimensions as (
    select
        measured_on,
        'shop' as dimension,
        shop as dimension_value,
        amount,
        line_count
    from flows
    union all
    select
        measured_on,
        'category' as dimension,
        category,
        amount,
        line_count
    from flows
),

summed as (
    select
        measured_on,
        dimension,
        dimension_value,
        cast(sum(amount) as decimal(28, 10)) as numerator,
        cast(null as decimal(28, 10)) as denominator,
        cast(sum(line_count) as bigint) as sample_size
    from dimensions
    group by measured_on, dimension, dimension_value
)

select * from summed
