-- One row per day of count, dimension and value: counts that found nothing over all counts. Never sum across dimensions.
with

counts as (
    select
        counted_on,
        warehouse,
        category,
        case when on_hand = 0 then 1 else 0 end as is_out
    from {{ ref('fct_inventory_daily') }}
),

dimensions as (
    select
        counted_on,
        'warehouse' as dimension,
        warehouse as dimension_value,
        is_out
    from counts
    union all
    select
        counted_on,
        'category' as dimension,
        category,
        is_out
    from counts
),

summed as (
    select
        counted_on as measured_on,
        dimension,
        dimension_value,
        cast(sum(is_out) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from dimensions
    group by counted_on, dimension, dimension_value
)

select * from summed
