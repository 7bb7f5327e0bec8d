-- Grain: one row a quarter, employee and KPI of a development card: the weakest month, and the newest diary entry on it.
with

lines as (
    select * from {{ ref('int_development_lines') }}
    where place <= {{ var('development_card_lines') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

months as (
    select * from {{ ref('kpi_values') }}
    where period_grain = 'month' and {{ finite('value') }} is not null
),

diary as (
    select * from {{ ref('fct_diary_entries') }}
),

authors as (
    select * from {{ ref('dim_employees') }}
),

bounded as (
    select
        lines.period_start,
        periods.next_period_start,
        lines.employee_id,
        lines.kpi_id,
        lines.direction,
        lines.measured_owner_kind,
        lines.measured_owner_id
    from lines
    inner join periods on lines.period_start = periods.period_start
),

weakest_months as (
    select
        bounded.period_start,
        bounded.employee_id,
        bounded.kpi_id,
        months.period_start as weakest_month_start,
        months.value as weakest_month_value
    from bounded
    inner join months
        on
            bounded.measured_owner_kind = months.owner_kind
            and bounded.measured_owner_id = months.owner_id
            and bounded.kpi_id = months.kpi_id
            and bounded.period_start <= months.period_start
            and bounded.next_period_start > months.period_start
    qualify row_number() over (
        partition by bounded.period_start, bounded.employee_id, bounded.kpi_id
        order by
            case when bounded.direction = 'lower' then -months.value else months.value end,
            months.period_start
    ) = 1
),

newest_entries as (
    select
        bounded.period_start,
        bounded.employee_id,
        bounded.kpi_id,
        diary.entry_id,
        diary.entry,
        diary.written_on,
        coalesce(authors.employee_name, diary.author_id) as author_name,
        coalesce(authors.employee_name_zh, diary.author_id) as author_name_zh
    from bounded
    inner join diary
        on
            bounded.employee_id = diary.employee_id
            and bounded.kpi_id = diary.kpi_id
            and bounded.period_start <= diary.written_on
            and bounded.next_period_start > diary.written_on
    left join authors
        on
            diary.author_id = authors.employee_id
            and authors.valid_from <= diary.written_on
            and (authors.valid_to is null or authors.valid_to > diary.written_on)
    where diary.entry is not null
    qualify row_number() over (
        partition by bounded.period_start, bounded.employee_id, bounded.kpi_id
        order by diary.written_at desc, diary.entry_id asc
    ) = 1
),

events as (
    select
        bounded.period_start,
        bounded.employee_id,
        bounded.kpi_id,
        weakest_months.weakest_month_start,
        weakest_months.weakest_month_value,
        newest_entries.entry_id,
        newest_entries.entry,
        newest_entries.written_on,
        newest_entries.author_name,
        newest_entries.author_name_zh
    from bounded
    left join weakest_months
        on
            bounded.period_start = weakest_months.period_start
            and bounded.employee_id = weakest_months.employee_id
            and bounded.kpi_id = weakest_months.kpi_id
    left join newest_entries
        on
            bounded.period_start = newest_entries.period_start
            and bounded.employee_id = newest_entries.employee_id
            and bounded.kpi_id = newest_entries.kpi_id
)

select * from events
