-- One row per day and shop: orders not cancelled. Adds up over days and shops.
with

orders as (
    select * from {{ ref('fct_orders') }}
    where not is_cancelled
),

summed as (
    select
        ordered_on as measured_on,
        'shop' as dimension,
        shop as dimension_value,
        cast(count(*) as decimal(28, 10)) as numerator,
        cast(null as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from orders
    group by ordered_on, shop
)

select * from summed
