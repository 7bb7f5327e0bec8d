-- One row per day on which the outcome was final and warehouse of the last parcel: orders whose every unit came by the
-- first promise, over orders that did or whose promise has passed.
with

parcels as (
    select * from {{ ref('fct_shipments') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where not is_cancelled and not is_incomplete and quantity > 0
),

promises as (
    select
        order_id,
        min(promised_at) as promised_at,
        max_by(warehouse, shipment_id) as warehouse,
        count(*) = count(quantity) as is_counted
    from parcels
    group by order_id
),

-- A second parcel with a later promise does not mend the first: the buyer was told the first.
arrived as (
    select
        promises.order_id,
        sum(parcels.quantity) as quantity,
        max(parcels.delivered_on) as delivered_on
    from promises
    inner join parcels
        on promises.order_id = parcels.order_id and parcels.delivered_at <= promises.promised_at
    group by promises.order_id
),

judged as (
    select
        promises.order_id,
        promises.warehouse,
        coalesce(arrived.quantity >= orders.quantity, false) as is_in_full,
        arrived.delivered_on,
        {{ business_day('promises.promised_at') }} as promised_on,
        {{ happened_by_as_of('promises.promised_at', 'timestamp') }} as is_due
    from promises
    inner join orders on promises.order_id = orders.order_id
    left join arrived on promises.order_id = arrived.order_id
    where promises.promised_at is not null and promises.is_counted
),

final as (
    select
        case when is_in_full then delivered_on else promised_on end as final_on,
        warehouse,
        case when is_in_full then 1 else 0 end as is_in_full
    from judged
    where is_in_full or is_due
),

summed as (
    select
        final_on as measured_on,
        'warehouse' as dimension,
        warehouse as dimension_value,
        cast(sum(is_in_full) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from final
    group by final_on, warehouse
)

select * from summed
