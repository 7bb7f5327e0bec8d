-- Grain: one row a frozen quarter: orders and refunds of its days or before that came after it was frozen.
with

reviews as (
    select * from {{ ref('review_chain') }}
    where is_newest_revision
),

orders as (
    select
        order_id,
        min(ordered_at) as happened_at,
        min(_exported_at) as arrived_at
    from {{ lake('orders') }}
    where _exported_at <= {{ known_until() }}
    group by order_id
),

refunds as (
    select
        refund_id,
        min(refunded_at) as happened_at,
        min(_exported_at) as arrived_at
    from {{ lake('refunds') }}
    where _exported_at <= {{ known_until() }}
    group by refund_id
),

arrivals as (
    select
        'order' as row_kind,
        happened_at,
        arrived_at
    from orders

    union all

    select
        'refund' as row_kind,
        happened_at,
        arrived_at
    from refunds
),

-- A window such as a refund rate's thirty days reaches back before the quarter.
counted as (
    select
        reviews.quarter,
        count(case when arrivals.row_kind = 'order' then 1 end) as late_orders,
        count(case when arrivals.row_kind = 'refund' then 1 end) as late_refunds
    from reviews
    left join arrivals
        on
            reviews.known_until < arrivals.arrived_at
            and {{ business_day('arrivals.happened_at') }} < reviews.period_start + interval '3' month
    group by reviews.quarter
)

select * from counted
