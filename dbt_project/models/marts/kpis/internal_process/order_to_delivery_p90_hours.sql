-- One row per shipment delivered, on its day of delivery: the same hours as the median's, cut at another place.
with

observed as (
    select * from {{ ref('order_to_delivery_median_hours') }}
)

select * from observed
