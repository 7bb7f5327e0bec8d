with

newest as (
    {{ newest_version('shipments') }}
),

typed as (
    select
        cast(shipment_id as string) as shipment_id,
        cast(order_id as string) as order_id,
        cast(warehouse as string) as warehouse,
        cast(carrier as string) as carrier,
        cast({{ until_as_of('approved_at') }} as timestamp) as approved_at,
        cast({{ until_as_of('handed_over_at') }} as timestamp) as handed_over_at,
        cast(promised_at as timestamp) as promised_at,
        cast({{ until_as_of('delivered_at') }} as timestamp) as delivered_at,
        cast(quantity as bigint) as quantity,
        cast(packaging as string) as packaging,
        cast(is_packaging_recyclable as boolean) as is_packaging_recyclable,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
