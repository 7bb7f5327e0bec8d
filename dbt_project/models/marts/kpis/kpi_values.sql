-- One row per period, owner and KPI. Owners overlap and periods nest: add up neither; a rate is a ratio of sums.
with

measured as (
    select * from {{ ref('int_kpi_values_measured') }}
    where not is_to_date
),

derived as (
    select * from {{ ref('int_kpi_values_derived') }}
    where not is_to_date
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

united as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        numerator,
        denominator,
        value,
        sample_size,
        employee_count
    from measured
    union all
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        null as numerator,
        null as denominator,
        value,
        sample_size,
        employee_count
    from derived
),

bounded as (
    select
        united.period_grain,
        united.period_start,
        periods.next_period_start,
        periods.is_closed,
        united.owner_kind,
        united.owner_id,
        united.kpi_id,
        united.dimension,
        united.numerator,
        united.denominator,
        united.value,
        united.sample_size,
        united.employee_count
    from united
    inner join periods
        on united.period_grain = periods.period_grain and united.period_start = periods.period_start
)

select * from bounded
