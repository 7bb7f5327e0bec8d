-- One row per refund, on the day it was booked. refund_amount adds up: 0 where the order was cancelled, NULL where held.
with

refunds as (
    select * from {{ ref('int_refunds_converted') }}
    where {{ on_affected_days('int_affected_refund_days', day='refunded_on') }}
),

judged as (
    select
        refund_id,
        order_id,
        line_id,
        shop,
        category,
        refunded_at,
        refunded_on,
        currency,
        amount,
        -- Revenue of a cancelled order is 0 already: taking its refund off would count it twice.
        cast(case
            when is_cancelled then 0
            when not is_order_unconverted then {{ round_money('base_amount') }}
        end as decimal(18, 2)) as refund_amount,
        is_cancelled
    from refunds
),

flagged as (
    select
        refund_id,
        order_id,
        line_id,
        shop,
        category,
        refunded_at,
        refunded_on,
        currency,
        amount,
        refund_amount,
        is_cancelled,
        refund_amount is null as is_held
    from judged
)

select * from flagged
