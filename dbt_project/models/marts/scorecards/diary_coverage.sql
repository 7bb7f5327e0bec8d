-- One row per quarter and employee: how far the diary bears on what the employee is measured by. Nothing adds up.
with

employees as (
    select distinct
        period_start,
        owner_id as employee_id
    from {{ ref('int_scorecard_segments') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

entries as (
    select * from {{ ref('fct_diary_entries') }}
),

measured as (
    select distinct
        period_start,
        owner_id as employee_id,
        kpi_id
    from {{ ref('int_scorecard_lines_prorated') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

kpi_counts as (
    select
        period_start,
        employee_id,
        count(*) as kpi_count
    from measured
    group by period_start, employee_id
),

written as (
    select
        entries.quarter_start,
        entries.employee_id,
        count(*) as entry_count,
        count(measured.kpi_id) as evidence_count,
        count(distinct measured.kpi_id) as covered_kpi_count,
        count(case when entries.author_id <> entries.employee_id then 1 end) as entries_by_others,
        max(entries.written_on) as last_written_on
    from entries
    left join measured
        on
            entries.quarter_start = measured.period_start
            and entries.employee_id = measured.employee_id
            and entries.kpi_id = measured.kpi_id
    group by entries.quarter_start, entries.employee_id
),

covered as (
    select
        employees.period_start,
        employees.employee_id,
        cast(coalesce(written.entry_count, 0) as bigint) as entry_count,
        cast(coalesce(written.evidence_count, 0) as bigint) as evidence_count,
        cast(coalesce(written.entries_by_others, 0) as bigint) as entries_by_others,
        cast(coalesce(kpi_counts.kpi_count, 0) as bigint) as kpi_count,
        cast(coalesce(written.covered_kpi_count, 0) as bigint) as covered_kpi_count,
        {{ divide('coalesce(written.covered_kpi_count, 0)', 'kpi_counts.kpi_count') }} as coverage,
        written.last_written_on
    from employees
    left join kpi_counts
        on employees.period_start = kpi_counts.period_start and employees.employee_id = kpi_counts.employee_id
    left join written
        on employees.period_start = written.quarter_start and employees.employee_id = written.employee_id
)

select * from covered
