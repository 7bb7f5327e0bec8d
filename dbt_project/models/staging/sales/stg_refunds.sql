with

newest as (
    {{ newest_version('refunds') }}
),

typed as (
    select
        cast(refund_id as string) as refund_id,
        cast(order_id as string) as order_id,
        cast(line_id as string) as line_id,
        cast(refunded_at as timestamp) as refunded_at,
        cast(updated_at as timestamp) as updated_at,
        cast(amount as decimal(18, 2)) as amount,
        cast(currency as string) as currency
    from newest
)

select * from typed
