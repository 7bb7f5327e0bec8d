-- One row per day and shop: revenue over orders; an order whose money is not known (held) is on neither side.
with

orders as (
    select * from {{ ref('fct_orders') }}
    where not is_cancelled and not is_held
),

summed as (
    select
        ordered_on as measured_on,
        'shop' as dimension,
        shop as dimension_value,
        cast(sum(revenue) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from orders
    group by ordered_on, shop
)

select * from summed
