-- One row per shipment delivered: its hours from order to delivery, of which the median is taken. Nothing adds up.
with

delivered as (
    select * from {{ ref('fct_shipments') }}
    where is_delivered and order_to_delivery_hours is not null
),

observed as (
    select
        delivered_on as measured_on,
        'warehouse' as dimension,
        warehouse as dimension_value,
        shipment_id as entity_id,
        cast(order_to_delivery_hours as double) as amount
    from delivered
)

select * from observed
