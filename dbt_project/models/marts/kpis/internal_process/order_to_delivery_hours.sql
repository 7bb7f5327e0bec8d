-- One row per day of delivery and warehouse: hours from order to delivery, summed, over orders delivered.
with

delivered as (
    select * from {{ ref('fct_shipments') }}
    where is_delivered and order_to_delivery_hours is not null
),

summed as (
    select
        delivered_on as measured_on,
        'warehouse' as dimension,
        warehouse as dimension_value,
        cast({{ exact_sum('order_to_delivery_hours') }} as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from delivered
    group by delivered_on, warehouse
)

select * from summed
