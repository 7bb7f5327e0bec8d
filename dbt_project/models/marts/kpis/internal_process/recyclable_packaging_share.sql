-- One row per day of handing over and warehouse: shipments in recyclable packaging over those whose packaging is known.
with

shipments as (
    select * from {{ ref('fct_shipments') }}
    where handed_over_on is not null and is_packaging_recyclable is not null
),

summed as (
    select
        handed_over_on as measured_on,
        'warehouse' as dimension,
        warehouse as dimension_value,
        cast(sum(case when is_packaging_recyclable then 1 else 0 end) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from shipments
    group by handed_over_on, warehouse
)

select * from summed
