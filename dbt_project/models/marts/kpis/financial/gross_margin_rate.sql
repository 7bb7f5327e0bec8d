-- One row per day, dimension and value: margin over revenue of lines of known cost. Never sum across dimensions.
with

order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where not is_cancelled and not is_held and margin is not null
),

dimensions as (
    select
        ordered_on,
        'shop' as dimension,
        shop as dimension_value,
        margin,
        revenue
    from order_lines
    union all
    select
        ordered_on,
        'category' as dimension,
        category,
        margin,
        revenue
    from order_lines
),

summed as (
    select
        ordered_on as measured_on,
        dimension,
        dimension_value,
        cast(sum(margin) as decimal(28, 10)) as numerator,
        cast(sum(revenue) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from dimensions
    group by ordered_on, dimension, dimension_value
)

select * from summed
