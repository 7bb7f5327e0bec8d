-- One row per service ticket. Counts and verdicts add up; seconds are averaged as a ratio of sums.
with

tickets as (
    select * from {{ ref('stg_tickets') }}
),

order_customers as (
    select * from {{ ref('int_order_customers') }}
),

customers as (
    select * from {{ ref('int_high_value_customers') }}
),

levels as (
    select * from {{ ref('service_levels') }}
),

timed as (
    select
        tickets.ticket_id,
        coalesce(tickets.queue, '(none)') as queue,
        coalesce(tickets.category, '(none)') as category,
        coalesce(tickets.subcategory, '(none)') as subcategory,
        coalesce(tickets.contact_channel, '(none)') as contact_channel,
        coalesce(tickets.priority, '(none)') as priority,
        tickets.status,
        coalesce(tickets.customer_id, order_customers.customer_key) as customer_key,
        -- The desk knew it then; else what the CRM said on that day.
        coalesce(tickets.is_vip, customers.customer_id is not null)
        or coalesce(levels.is_high_value, false) as is_vip,
        tickets.order_id,
        tickets.opened_at,
        {{ business_day('tickets.opened_at') }} as opened_on,
        tickets.first_responded_at,
        tickets.resolved_at,
        -- What the company promises by its own rule holds before what the desk was set to.
        {{ seconds_after(
            'tickets.opened_at', 'coalesce(levels.response_target_seconds, tickets.response_target_seconds)'
        ) }} as response_due_at,
        {{ seconds_after('tickets.opened_at', 'tickets.resolution_target_seconds') }} as resolution_due_at,
        tickets.is_within_resolution_target
    from tickets
    left join order_customers on tickets.order_id = order_customers.order_id
    left join customers
        on
            coalesce(tickets.customer_id, order_customers.customer_key) = customers.customer_id
            and {{ business_day('tickets.opened_at') }} >= customers.valid_from
            and {{ business_day('tickets.opened_at') }} < customers.valid_to
    left join levels
        on
            tickets.queue = levels.queue
            and {{ business_day('tickets.opened_at') }} >= levels.valid_from
            and (levels.valid_to is null or {{ business_day('tickets.opened_at') }} < levels.valid_to)
),

judged as (
    select
        ticket_id,
        queue,
        category,
        subcategory,
        contact_channel,
        priority,
        status,
        customer_key,
        is_vip,
        order_id,
        opened_at,
        opened_on,
        first_responded_at,
        resolved_at,
        response_due_at,
        {{ business_day('least(first_responded_at, ' ~ until_as_of('response_due_at') ~ ')') }}
            as response_final_on,
        {{ seconds_between('opened_at', 'first_responded_at') }} as first_response_seconds,
        -- NULL while unanswered and not yet due, and where nothing was promised.
        case
            when first_responded_at <= response_due_at then true
            when response_due_at <= {{ as_of() }} then false
        end as is_response_within_target,
        -- Where the desk's own clock finds a resolution in time that ours does not, it was final with the resolution.
        {{ business_day(
            'case when is_within_resolution_target and resolved_at is not null then resolved_at else least(resolved_at, '
            ~ until_as_of('resolution_due_at') ~ ') end'
        ) }} as resolution_final_on,
        {{ seconds_between('opened_at', 'resolved_at') }} as resolution_seconds,
        coalesce(is_within_resolution_target, case
            when resolved_at <= resolution_due_at then true
            when resolution_due_at <= {{ as_of() }} then false
        end) as is_resolution_within_target
    from timed
)

select * from judged
