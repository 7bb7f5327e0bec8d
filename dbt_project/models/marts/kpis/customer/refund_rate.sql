-- One row per day on which windows closed, dimension and value: refunds of the orders whose window closed, over their
-- revenue. Never sum across dimensions.
with

order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where not is_cancelled and not is_held
),

refunds as (
    select * from {{ ref('fct_refunds') }}
    where not is_cancelled and not is_held
),

orders as (
    select
        order_id,
        ordered_on
    from {{ ref('fct_orders') }}
    where not is_cancelled and not is_held
),

windows as (
    select
        cast(parameter as int) as window_days,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id = 'refund_rate'
),

-- A refund counts with its order's day: what was sold and what of it came back are of the same orders.
flows as (
    select
        ordered_on,
        ordered_on as happened_on,
        shop,
        category,
        revenue,
        0 as refunded,
        1 as line_count
    from order_lines
    union all
    select
        orders.ordered_on,
        refunds.refunded_on,
        refunds.shop,
        refunds.category,
        0 as revenue,
        refunds.refund_amount,
        0 as line_count
    from refunds
    inner join orders on refunds.order_id = orders.order_id
),

closed as (
    select
        flows.ordered_on + windows.window_days as closed_on,
        flows.shop,
        flows.category,
        flows.revenue,
        flows.refunded,
        flows.line_count
    from flows
    inner join windows on flows.ordered_on >= windows.valid_from and flows.ordered_on < windows.valid_to
    where
        flows.happened_on < flows.ordered_on + windows.window_days
        and {{ happened_by_as_of('flows.ordered_on + windows.window_days', 'date') }}
),

dimensions as (
    select
        closed_on,
        'shop' as dimension,
        shop as dimension_value,
        revenue,
        refunded,
        line_count
    from closed
    union all
    select
        closed_on,
        'category' as dimension,
        category,
        revenue,
        refunded,
        line_count
    from closed
),

summed as (
    select
        closed_on as measured_on,
        dimension,
        dimension_value,
        cast(sum(refunded) as decimal(28, 10)) as numerator,
        cast(sum(revenue) as decimal(28, 10)) as denominator,
        cast(sum(line_count) as bigint) as sample_size
    from dimensions
    group by closed_on, dimension, dimension_value
)

select * from summed
