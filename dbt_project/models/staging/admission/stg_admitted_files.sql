with

known as (
    select *
    from {{ lake('admitted_files') }}
    where _exported_at <= {{ known_until() }}
),

typed as (
    select
        cast(_feed as string) as feed,
        cast(_file as string) as file,
        cast(entity as string) as entity,
        cast(rows_read as bigint) as rows_read,
        cast(rows_used as bigint) as rows_used,
        cast(rows_filtered as bigint) as rows_filtered,
        cast(rows_unreadable as bigint) as rows_unreadable,
        cast(rows_mapped as bigint) as rows_mapped,
        cast(rows_accepted as bigint) as rows_accepted,
        cast(rows_rejected as bigint) as rows_rejected,
        cast(top_reason as string) as top_reason,
        cast(_exported_at as timestamp) as exported_at
    from known
)

select * from typed
