-- Grain: one row a month or quarter, unit or role and KPI, with its change against the period before. No employees.
with

kpi_values as (
    select * from {{ ref('kpi_values') }}
    where owner_kind <> 'employee' and period_grain in ('month', 'quarter')
),

kinds as (
    select
        kpi_id,
        kind
    from {{ ref('dim_kpis') }}
),

followed as (
    select
        kpi_values.period_grain,
        kpi_values.period_start,
        kpi_values.is_closed,
        kpi_values.owner_kind,
        kpi_values.owner_id,
        kpi_values.employee_count,
        kpi_values.kpi_id,
        kinds.kind,
        kpi_values.dimension,
        kpi_values.numerator,
        kpi_values.denominator,
        {{ finite('kpi_values.value') }} as value,
        lag(kpi_values.next_period_start) over owner_kpi = kpi_values.period_start as is_previous_known,
        {{ finite('lag(kpi_values.value) over owner_kpi') }} as previous_value
    from kpi_values
    inner join kinds on kpi_values.kpi_id = kinds.kpi_id
    window owner_kpi as (
        partition by kpi_values.period_grain, kpi_values.owner_kind, kpi_values.owner_id, kpi_values.kpi_id
        order by kpi_values.period_start
    )
),

-- The sum of a period that is not over is not compared with that of a whole one.
changed as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        employee_count,
        kpi_id,
        kind,
        dimension,
        numerator,
        denominator,
        value,
        case when is_previous_known and (is_closed or kind <> 'sum') then value - previous_value end as change
    from followed
)

select * from changed
