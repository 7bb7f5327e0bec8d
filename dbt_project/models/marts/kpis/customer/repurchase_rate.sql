-- One row per day on which windows closed and shop of the first order: first orders, and those followed by another.
with

-- An order that names nobody can never be followed by another: it belongs to no cohort.
orders as (
    select * from {{ ref('fct_orders') }}
    where not is_cancelled and customer_key <> 'order:' || order_id
),

windows as (
    select
        cast(parameter as int) as window_days,
        valid_from,
        valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id = 'repurchase_rate'
),

second_orders as (
    select
        customer_key,
        ordered_on
    from orders
    where customer_order_number = 2
),

cohorts as (
    select
        orders.shop,
        orders.ordered_on + windows.window_days as closed_on,
        second_orders.ordered_on as ordered_again_on
    from orders
    inner join windows
        on
            orders.ordered_on >= windows.valid_from
            and (windows.valid_to is null or orders.ordered_on < windows.valid_to)
    left join second_orders on orders.customer_key = second_orders.customer_key
    where orders.is_first_order
),

closed as (
    select
        closed_on,
        shop,
        case when ordered_again_on < closed_on then 1 else 0 end as is_followed
    from cohorts
    where {{ happened_by_as_of('closed_on', 'date') }}
),

summed as (
    select
        closed_on as measured_on,
        'shop' as dimension,
        shop as dimension_value,
        cast(sum(is_followed) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from closed
    group by closed_on, shop
)

select * from summed
