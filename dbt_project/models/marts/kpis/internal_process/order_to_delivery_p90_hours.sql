-- One row per shipment delivered, on its day of delivery: the same hours as the median's, cut at another place.
with

delivered as (
    select * from {{ ref('order_to_delivery_median_hours') }}
),

observed as (
    select
        measured_on,
        dimension,
        dimension_value,
        entity_id,
        amount
    from delivered
)

select * from observed
