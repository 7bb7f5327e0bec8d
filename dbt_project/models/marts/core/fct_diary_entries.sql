-- One row per entry in an employee's performance diary, as it was written.
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
        {{ period_start('quarter', business_day('written_at')) }} as quarter_start,
        kpi_id,
        entry,
        {{ spreadsheet_text('entry') }} as entry_for_spreadsheets
    from diary_entries
)

select * from described
