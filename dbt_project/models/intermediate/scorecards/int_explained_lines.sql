-- Grain: one row a quarter, employee and line of the scorecard, with the names, rules and approvals behind its numbers.
with

lines as (
    select * from {{ ref('kpi_scores') }}
    where owner_kind = 'employee' and period_grain = 'quarter'
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

catalog as (
    select * from {{ ref('kpi_catalog') }}
),

curves as (
    select distinct
        curve_id,
        name,
        name_zh
    from {{ ref('scoring_curves') }}
),

units as (
    select * from {{ ref('dim_owners') }}
),

approvals as (
    select
        period_start,
        owner_kind,
        owner_id,
        kpi_id,
        approved_by,
        approved_at,
        approval_status
    from {{ ref('int_kpi_targets_resolved') }}
    where period_grain = 'quarter'
),

explained as (
    select
        lines.period_start,
        lines.is_closed,
        lines.owner_id as employee_id,
        lines.scorecard_id,
        lines.scorecard_kind,
        lines.perspective,
        lines.kpi_id,
        catalog.name,
        catalog.name_zh,
        catalog.unit,
        catalog.direction,
        lines.minimum_sample,
        lines.measured_owner_kind,
        lines.measured_owner_id,
        coalesce(units.name, lines.measured_owner_id) as measured_name,
        coalesce(units.name_zh, units.name, lines.measured_owner_id) as measured_name_zh,
        lines.numerator,
        lines.denominator,
        lines.sample_size,
        lines.value,
        lines.scored_value,
        lines.target,
        lines.red_flag,
        approvals.approved_by,
        approvals.approved_at,
        approvals.approval_status,
        lines.attainment,
        lines.curve_id,
        lines.score_floor,
        lines.score_cap,
        curves.name as curve_name,
        curves.name_zh as curve_name_zh,
        lines.score,
        lines.weight,
        lines.effective_weight,
        lines.contribution,
        lines.status,
        lines.missing_policy,
        lines.applied_policy
    from lines
    inner join periods on lines.period_start = periods.period_start
    -- The catalogue as it stood on the quarter's last day, as it was scored by.
    inner join catalog
        on
            lines.kpi_id = catalog.kpi_id
            and catalog.valid_from < periods.elapsed_until
            and (catalog.valid_to is null or catalog.valid_to >= periods.elapsed_until)
    inner join curves on lines.curve_id = curves.curve_id
    left join units
        on lines.measured_owner_kind = units.owner_kind and lines.measured_owner_id = units.owner_id
    left join approvals
        on
            lines.period_start = approvals.period_start
            and lines.measured_owner_kind = approvals.owner_kind
            and lines.measured_owner_id = approvals.owner_id
            and lines.kpi_id = approvals.kpi_id
)

select * from explained
