-- One row per day and shop: first orders, which are as many new customers, as acquisition cost counts them.
with

first_orders as (
    select * from {{ ref('fct_orders') }}
    where is_first_order and not is_cancelled and not is_held
),

summed as (
    select
        ordered_on as measured_on,
        'shop' as dimension,
        shop as dimension_value,
        cast(count(*) as decimal(28, 10)) as numerator,
        cast(null as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from first_orders
    group by ordered_on, shop
)

select * from summed
