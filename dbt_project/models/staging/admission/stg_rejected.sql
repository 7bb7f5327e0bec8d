with

known as (
    select *
    from {{ lake('rejected') }}
    where _exported_at <= {{ known_until() }}
),

typed as (
    select
        cast(entity as string) as entity,
        cast(reasons as string) as reasons,
        cast(mapped as string) as mapped,
        cast(_feed as string) as feed,
        cast(_file as string) as file,
        cast(_row as bigint) as file_row,
        cast(_item as bigint) as item
    from known
)

select * from typed
