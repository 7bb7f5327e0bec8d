with

newest as (
    {{ newest_version('surveys') }}
),

typed as (
    select
        cast(survey_id as string) as survey_id,
        cast(survey_kind as string) as survey_kind,
        cast(responded_at as timestamp) as responded_at,
        cast(score as decimal(18, 6)) as score,
        cast(order_id as string) as order_id,
        cast(ticket_id as string) as ticket_id,
        cast(queue as string) as queue,
        cast(shop as string) as shop,
        cast(customer_id as string) as customer_id,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
