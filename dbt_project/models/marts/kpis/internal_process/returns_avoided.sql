-- One row per day on which windows closed and queue: requests to return an order, and those not followed by a refund.
with

requests as (
    select
        ticket_id,
        queue,
        order_id,
        opened_on,
        {{ business_day('resolved_at') }} as resolved_on
    from {{ ref('fct_tickets') }}
    where category = 'return' and resolved_at is not null and order_id is not null
),

windows as (
    select
        cast(parameter as int) as window_days,
        valid_from,
        valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id = 'returns_avoided'
),

closed as (
    select
        requests.ticket_id,
        requests.queue,
        requests.order_id,
        requests.opened_on,
        requests.resolved_on + windows.window_days as closed_on
    from requests
    inner join windows
        on
            requests.resolved_on >= windows.valid_from
            and (windows.valid_to is null or requests.resolved_on < windows.valid_to)
    where {{ happened_by_as_of('requests.resolved_on + windows.window_days', 'date') }}
),

refunds as (
    select
        order_id,
        refunded_on
    from {{ ref('fct_refunds') }}
),

-- A refund from before the request is not its outcome.
outcomes as (
    select
        closed.ticket_id,
        closed.queue,
        closed.closed_on,
        count(refunds.order_id) as refund_count
    from closed
    left join refunds
        on
            closed.order_id = refunds.order_id
            and refunds.refunded_on >= closed.opened_on
            and refunds.refunded_on < closed.closed_on
    group by closed.ticket_id, closed.queue, closed.closed_on
),

summed as (
    select
        closed_on as measured_on,
        'queue' as dimension,
        queue as dimension_value,
        cast(sum(case when refund_count = 0 then 1 else 0 end) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from outcomes
    group by closed_on, queue
)

select * from summed
