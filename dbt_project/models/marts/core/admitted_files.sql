-- One row per feed, file and entity. rows_read, rows_used, rows_filtered and rows_unreadable are the file's: not additive over entities.
with

files as (
    select * from {{ ref('stg_admitted_files') }}
),

named as (
    select
        feed,
        file,
        coalesce(entity, '(none)') as entity,
        exported_at,
        rows_read,
        rows_used,
        rows_filtered,
        rows_unreadable,
        rows_mapped,
        rows_accepted,
        rows_rejected,
        top_reason
    from files
)

select * from named
