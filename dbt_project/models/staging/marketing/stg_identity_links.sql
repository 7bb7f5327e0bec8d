with

newest as (
    {{ newest_version('identity_links') }}
),

typed as (
    select
        cast(visitor_id as string) as visitor_id,
        cast(customer_id as string) as customer_id,
        cast(linked_at as timestamp) as linked_at
    from newest
)

select * from typed
