-- One row per day, dimension and value: revenue of flagship products over all revenue. Never sum across dimensions.
with

order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where not is_cancelled and not is_held
),

dimensions as (
    select
        ordered_on,
        'shop' as dimension,
        shop as dimension_value,
        is_flagship,
        revenue
    from order_lines
    union all
    select
        ordered_on,
        'category' as dimension,
        category,
        is_flagship,
        revenue
    from order_lines
),

summed as (
    select
        ordered_on as measured_on,
        dimension,
        dimension_value,
        cast(sum(case when is_flagship then revenue else 0 end) as decimal(28, 10)) as numerator,
        cast(sum(revenue) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from dimensions
    group by ordered_on, dimension, dimension_value
)

select * from summed
