-- One row per entry in an employee's performance diary.
with

diary_entries as (
    select * from {{ ref('stg_diary_entries') }}
),

described as (
    select
        entry_id,
        employee_id,
        author_id,
        written_at,
        {{ business_day('written_at') }} as written_on,
        kpi_id,
        entry
    from diary_entries
)

select * from described
