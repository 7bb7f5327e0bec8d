-- One row per day on which the outcome was final and warehouse: shipments in time over shipments due.
with

shipments as (
    select * from {{ ref('fct_shipments') }}
    where promised_at is not null
),

cancelled_orders as (
    select order_id from {{ ref('fct_orders') }}
    where is_cancelled
),

-- A promise is kept on the day of delivery, and broken on its own day, whether or not the parcel came later.
judged as (
    select
        shipments.warehouse,
        case
            when shipments.is_delivered and not shipments.is_late then shipments.delivered_on
            else {{ business_day('shipments.promised_at') }}
        end as final_on,
        case when shipments.is_delivered and not shipments.is_late then 1 else 0 end as is_on_time
    from shipments
    left join cancelled_orders on shipments.order_id = cancelled_orders.order_id
    where
        shipments.is_delivered
        or (
            cancelled_orders.order_id is null
            and {{ happened_by_as_of('shipments.promised_at', 'timestamp') }}
        )
),

summed as (
    select
        final_on as measured_on,
        'warehouse' as dimension,
        warehouse as dimension_value,
        cast(sum(is_on_time) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from judged
    group by final_on, warehouse
)

select * from summed
