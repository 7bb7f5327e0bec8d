with

newest as (
    {{ newest_version('customers') }}
),

typed as (
    select
        cast(customer_id as string) as customer_id,
        cast(email as string) as email,
        cast(phone as string) as phone,
        cast(segment as string) as segment,
        cast(region as string) as region,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
