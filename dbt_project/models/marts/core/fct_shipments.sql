-- One row per shipment. Counts add up; hours are averaged as a ratio of sums.
with

shipments as (
    select * from {{ ref('stg_shipments') }}
),

orders as (
    select * from {{ ref('stg_orders') }}
),

joined as (
    select
        shipments.shipment_id,
        shipments.order_id,
        coalesce(orders.shop, '(none)') as shop,
        coalesce(shipments.warehouse, '(none)') as warehouse,
        shipments.quantity,
        orders.ordered_at,
        shipments.approved_at,
        shipments.handed_over_at,
        shipments.promised_at,
        shipments.delivered_at,
        {{ business_day('shipments.delivered_at') }} as delivered_on,
        {{ business_day('shipments.handed_over_at') }} as handed_over_on,
        coalesce(shipments.packaging, '(none)') as packaging,
        shipments.is_packaging_recyclable,
        {{ hours_between('orders.ordered_at', 'shipments.delivered_at') }} as order_to_delivery_hours,
        shipments.delivered_at is not null as is_delivered,
        shipments.delivered_at > shipments.promised_at as is_late,
        coalesce(shipments.handed_over_at < shipments.approved_at, false) as is_handed_over_before_approval
    from shipments
    left join orders on shipments.order_id = orders.order_id
),

flagged as (
    select
        shipment_id,
        order_id,
        shop,
        warehouse,
        quantity,
        ordered_at,
        approved_at,
        handed_over_at,
        promised_at,
        delivered_at,
        delivered_on,
        handed_over_on,
        packaging,
        is_packaging_recyclable,
        order_to_delivery_hours,
        is_delivered,
        is_late,
        is_handed_over_before_approval,
        is_handed_over_before_approval
        or coalesce(approved_at < ordered_at, false)
        or coalesce(delivered_at < handed_over_at, false)
        or coalesce(delivered_at < ordered_at, false) as is_out_of_sequence
    from joined
)

select * from flagged
