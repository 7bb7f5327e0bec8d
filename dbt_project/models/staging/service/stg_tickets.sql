with

newest as (
    {{ newest_version('tickets') }}
),

typed as (
    select
        cast(ticket_id as string) as ticket_id,
        cast(opened_at as timestamp) as opened_at,
        cast(updated_at as timestamp) as updated_at,
        cast({{ until_as_of('first_responded_at') }} as timestamp) as first_responded_at,
        cast({{ until_as_of('resolved_at') }} as timestamp) as resolved_at,
        cast(queue as string) as queue,
        cast(category as string) as category,
        cast(subcategory as string) as subcategory,
        cast(contact_channel as string) as contact_channel,
        cast(priority as string) as priority,
        cast(status as string) as status,
        cast(customer_id as string) as customer_id,
        cast(is_vip as boolean) as is_vip,
        cast(order_id as string) as order_id,
        cast(agent_id as string) as agent_id,
        cast(response_target_seconds as bigint) as response_target_seconds,
        cast(resolution_target_seconds as bigint) as resolution_target_seconds,
        -- The desk judged a resolution that, at as_of, had not come.
        cast(case
            when resolved_at <= {{ as_of() }} or resolved_at is null then is_within_resolution_target
        end as boolean) as is_within_resolution_target
    from newest
)

select * from typed
