with

newest as (
    {{ newest_version('diary_entries') }}
),

typed as (
    select
        cast(entry_id as string) as entry_id,
        cast(employee_id as string) as employee_id,
        cast(author_id as string) as author_id,
        cast(written_at as timestamp) as written_at,
        cast(kpi_id as string) as kpi_id,
        cast(entry as string) as entry,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
