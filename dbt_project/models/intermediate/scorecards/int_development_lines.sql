-- Grain: one row a quarter, employee and KPI of the scorecard, placed by how far it lies behind: the weakest first.
with

lines as (
    select * from {{ ref('int_explained_lines') }}
),

comparisons as (
    select * from {{ ref('int_development_comparisons') }}
),

-- A KPI that is measured for the employee and for the team counts once, for the employee.
nearest as (
    select
        period_start,
        is_closed,
        employee_id,
        kpi_id,
        name,
        name_zh,
        unit,
        direction,
        measured_owner_kind,
        measured_owner_id,
        numerator,
        denominator,
        value,
        target,
        red_flag,
        score,
        effective_weight,
        contribution,
        case measured_owner_kind
            when 'employee' then 1 when 'team' then 2 when 'department' then 3 else 4
        end as distance
    from lines
    qualify row_number() over (
        partition by period_start, employee_id, kpi_id
        order by
            case measured_owner_kind
                when 'employee' then 1 when 'team' then 2 when 'department' then 3 else 4
            end asc,
            weight desc, scorecard_id asc
    ) = 1
),

compared as (
    select
        nearest.period_start,
        nearest.is_closed,
        nearest.employee_id,
        nearest.kpi_id,
        nearest.name,
        nearest.name_zh,
        nearest.unit,
        nearest.direction,
        nearest.measured_owner_kind,
        nearest.measured_owner_id,
        nearest.numerator,
        nearest.denominator,
        nearest.value,
        comparisons.previous_value,
        nearest.target,
        nearest.red_flag,
        case when nearest.distance = 1 then comparisons.peer_value end as peer_value,
        nearest.score,
        nearest.effective_weight,
        nearest.contribution,
        nearest.distance
    from nearest
    left join comparisons
        on
            nearest.period_start = comparisons.period_start
            and nearest.measured_owner_kind = comparisons.owner_kind
            and nearest.measured_owner_id = comparisons.owner_id
            and nearest.kpi_id = comparisons.kpi_id
),

measured as (
    select
        *,
        {{ shortfall('value', 'previous_value', 'direction') }} as behind_past,
        {{ shortfall('value', 'target', 'direction') }} as behind_target,
        {{ shortfall('value', 'peer_value', 'direction') }} as behind_peers
    from compared
),

weighed as (
    select
        *,
        {{ mean_of_known('behind_past', 'behind_target', 'behind_peers') }} as weakness
    from measured
),

-- What employees can move themselves comes before what they share in.
placed as (
    select
        *,
        cast(row_number() over (
            partition by period_start, employee_id
            order by case when distance = 1 then 0 else 1 end asc, weakness desc nulls last, kpi_id asc
        ) as bigint) as place
    from weighed
)

select * from placed
