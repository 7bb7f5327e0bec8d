-- Grain: one row a quarter, employee and KPI: of the KPIs that drive it, the one that lies furthest behind.
with

lines as (
    select * from {{ ref('int_development_lines') }}
    where place <= {{ var('development_card_lines') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

-- What drives a KPI: those that the strategy links to it, and those that the catalogue puts under it.
links as (
    select
        parent_kpi_id as kpi_id,
        kpi_id as driver_kpi_id
    from kpis
    where parent_kpi_id is not null
    union
    select
        effect_id as kpi_id,
        cause_id as driver_kpi_id
    from {{ ref('strategy_links') }}
    where
        cause_kind = 'kpi'
        and {{ happened_by_as_of('valid_from', 'date') }}
        and (valid_to is null or not {{ happened_by_as_of('valid_to', 'date') }})
),

posts as (
    select
        period_start,
        owner_id as employee_id,
        team_id,
        department_id
    from {{ ref('scorecards') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

comparisons as (
    select * from {{ ref('int_development_comparisons') }}
    where owner_kind in ('employee', 'team', 'department', 'company')
),

targets as (
    select * from {{ ref('int_kpi_targets_resolved') }}
    where period_grain = 'quarter'
),

-- A driver is looked at where it is measured closest to the employee.
nearest as (
    select
        lines.period_start,
        lines.employee_id,
        lines.kpi_id,
        kpis.kpi_id as driver_kpi_id,
        kpis.name as driver_name,
        kpis.name_zh as driver_name_zh,
        kpis.unit as driver_unit,
        comparisons.direction,
        comparisons.owner_kind as driver_owner_kind,
        comparisons.owner_id as driver_owner_id,
        comparisons.value,
        comparisons.previous_value
    from lines
    inner join posts on lines.period_start = posts.period_start and lines.employee_id = posts.employee_id
    inner join links on lines.kpi_id = links.kpi_id
    inner join kpis on links.driver_kpi_id = kpis.kpi_id
    inner join comparisons
        on
            lines.period_start = comparisons.period_start
            and kpis.kpi_id = comparisons.kpi_id
            and (
                comparisons.owner_kind = 'company'
                or (comparisons.owner_kind = 'employee' and comparisons.owner_id = lines.employee_id)
                or (comparisons.owner_kind = 'team' and comparisons.owner_id = posts.team_id)
                or (comparisons.owner_kind = 'department' and comparisons.owner_id = posts.department_id)
            )
    where comparisons.value is not null
    qualify row_number() over (
        partition by lines.period_start, lines.employee_id, lines.kpi_id, kpis.kpi_id
        order by case comparisons.owner_kind
            when 'employee' then 1 when 'team' then 2 when 'department' then 3 else 4
        end
    ) = 1
),

compared as (
    select
        nearest.period_start,
        nearest.employee_id,
        nearest.kpi_id,
        nearest.driver_kpi_id,
        nearest.driver_name,
        nearest.driver_name_zh,
        nearest.driver_unit,
        nearest.driver_owner_kind,
        nearest.value as driver_value,
        {{ shortfall('nearest.value', 'nearest.previous_value', 'nearest.direction') }} as behind_past,
        {{ shortfall('nearest.value', 'targets.target', 'nearest.direction') }} as behind_target
    from nearest
    left join targets
        on
            nearest.period_start = targets.period_start
            and nearest.driver_owner_kind = targets.owner_kind
            and nearest.driver_owner_id = targets.owner_id
            and nearest.driver_kpi_id = targets.kpi_id
),

weakest as (
    select
        period_start,
        employee_id,
        kpi_id,
        driver_kpi_id,
        driver_name,
        driver_name_zh,
        driver_unit,
        driver_owner_kind,
        driver_value,
        {{ mean_of_known('behind_past', 'behind_target', 'null') }} as driver_behind
    from compared
    qualify row_number() over (
        partition by period_start, employee_id, kpi_id
        order by
            {{ mean_of_known('behind_past', 'behind_target', 'null') }} desc nulls last, driver_kpi_id asc
    ) = 1
)

select * from weakest
