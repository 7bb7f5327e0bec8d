-- Grain: one row a quarter, owner and KPI: its value beside the quarter before and the best tenth of the role's holders.
with

kpi_values as (
    select
        period_start,
        next_period_start,
        owner_kind,
        owner_id,
        kpi_id,
        {{ finite('value') }} as value
    from {{ ref('kpi_values') }}
    where period_grain = 'quarter'
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

roles as (
    select
        period_start,
        owner_id as employee_id,
        role_id
    from {{ ref('scorecards') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

holders as (
    select
        kpi_values.period_start,
        kpi_values.owner_id as employee_id,
        kpi_values.kpi_id,
        kpi_values.value,
        roles.role_id
    from kpi_values
    inner join roles
        on
            kpi_values.owner_kind = 'employee'
            and kpi_values.period_start = roles.period_start
            and kpi_values.owner_id = roles.employee_id
    where kpi_values.value is not null
),

-- Of fewer peers, the employee not counted, a benchmark would tell of persons.
benchmarks as (
    select
        holders.period_start,
        holders.kpi_id,
        holders.role_id,
        case
            when kpis.direction = 'lower' then {{ interpolated_quantile('holders.value', 0.1) }}
            else {{ interpolated_quantile('holders.value', 0.9) }}
        end as peer_value
    from holders
    inner join kpis on holders.kpi_id = kpis.kpi_id
    group by holders.period_start, holders.kpi_id, holders.role_id, kpis.direction
    having count(*) > {{ var('minimum_peers') }}
),

compared as (
    select
        kpi_values.period_start,
        kpi_values.next_period_start,
        kpi_values.owner_kind,
        kpi_values.owner_id,
        kpi_values.kpi_id,
        kpis.direction,
        kpi_values.value,
        before.value as previous_value,
        benchmarks.peer_value
    from kpi_values
    inner join kpis on kpi_values.kpi_id = kpis.kpi_id
    left join kpi_values as before
        on
            kpi_values.period_start = before.next_period_start
            and kpi_values.owner_kind = before.owner_kind
            and kpi_values.owner_id = before.owner_id
            and kpi_values.kpi_id = before.kpi_id
    left join roles
        on
            kpi_values.owner_kind = 'employee'
            and kpi_values.period_start = roles.period_start
            and kpi_values.owner_id = roles.employee_id
    left join benchmarks
        on
            kpi_values.period_start = benchmarks.period_start
            and kpi_values.kpi_id = benchmarks.kpi_id
            and roles.role_id = benchmarks.role_id
)

select * from compared
