with

newest as (
    {{ newest_version('idea_submissions') }}
),

typed as (
    select
        cast(idea_id as string) as idea_id,
        cast(employee_id as string) as employee_id,
        cast(title as string) as title,
        cast(submitted_on as date) as submitted_on,
        -- A decision after as_of has not been taken yet.
        cast(case
            when decided_on is null or {{ happened_by_as_of('decided_on', 'date') }} then status
            else 'submitted'
        end as string) as status,
        cast(
            case when {{ happened_by_as_of('decided_on', 'date') }} then decided_on end as date
        ) as decided_on,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
