with

newest as (
    {{ newest_version('review_objections') }}
),

typed as (
    select
        cast(objection_id as string) as objection_id,
        cast(employee_id as string) as employee_id,
        cast(quarter_start as date) as quarter_start,
        cast(raised_at as timestamp) as raised_at,
        cast(kpi_id as string) as kpi_id,
        cast(reason as string) as reason,
        cast(outcome as string) as outcome,
        cast(decided_at as timestamp) as decided_at,
        cast(decided_by as string) as decided_by,
        cast(correction as string) as correction,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
