-- One row per month's last day and team: who was employed there a window before, and who of them still is anywhere here.
with

employees as (
    select * from {{ ref('dim_employees') }}
),

windows as (
    select
        cast(parameter as int) as window_days,
        valid_from,
        valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id = 'talent_retention'
),

month_ends as (
    select max(date_on) as date_on
    from {{ ref('dim_dates') }}
    group by month_start
    having {{ happened_by_as_of('max(date_on)', 'date') }}
),

-- Of windows that begin before the catalogue's row nobody knows who had left: they would all look kept.
closed as (
    select
        month_ends.date_on as measured_on,
        month_ends.date_on - windows.window_days as begins_on
    from month_ends
    inner join windows
        on
            month_ends.date_on - windows.window_days >= windows.valid_from
            and (windows.valid_to is null or month_ends.date_on - windows.window_days < windows.valid_to)
),

cohorts as (
    select
        closed.measured_on,
        employees.team_id,
        case when employees.left_on <= closed.measured_on then 0 else 1 end as is_kept
    from closed
    inner join employees
        on
            closed.begins_on >= employees.valid_from
            and (employees.valid_to is null or closed.begins_on < employees.valid_to)
),

summed as (
    select
        measured_on,
        'team' as dimension,
        team_id as dimension_value,
        cast(sum(is_kept) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from cohorts
    group by measured_on, team_id
)

select * from summed
