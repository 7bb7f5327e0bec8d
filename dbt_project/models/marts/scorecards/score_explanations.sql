-- One row per quarter, employee and step, in order. Contributions of kpi_line add up to the total, final_points to the final; nothing else does.
with

lines as (
    select * from {{ ref('int_explained_lines') }}
),

totals as (
    select * from {{ ref('int_explained_totals') }}
),

cards as (
    select
        period_start,
        employee_id,
        basis
    from {{ ref('int_explained_scorecards') }}
),

steps as (
    select
        lines.period_start,
        lines.is_closed,
        lines.employee_id,
        0 as step_place,
        'kpi_line' as step_kind,
        lines.scorecard_id,
        lines.kpi_id,
        lines.name,
        lines.name_zh,
        lines.measured_owner_kind,
        lines.measured_owner_id,
        lines.numerator,
        lines.denominator,
        lines.sample_size,
        lines.value,
        lines.unit,
        lines.target,
        lines.red_flag,
        lines.approved_by,
        lines.approved_at,
        lines.approval_status,
        lines.attainment,
        lines.curve_id as rule_id,
        lines.score,
        lines.weight,
        lines.effective_weight,
        lines.contribution,
        cast(null as double) as final_points,
        cast(null as double) as coefficient,
        cast(null as string) as currency,
        cast(null as decimal(18, 2)) as amount,
        lines.status,
        lines.applied_policy,
        {{ line_sentence('en') }} as sentence,
        {{ line_sentence('zh') }} as sentence_zh,
        cards.basis
    from lines
    inner join cards on lines.period_start = cards.period_start and lines.employee_id = cards.employee_id
    union all
    select
        period_start,
        is_closed,
        employee_id,
        step_place,
        step_kind,
        null as scorecard_id,
        null as kpi_id,
        null as name,
        null as name_zh,
        null as measured_owner_kind,
        null as measured_owner_id,
        null as numerator,
        null as denominator,
        null as sample_size,
        null as value,
        null as unit,
        null as target,
        null as red_flag,
        null as approved_by,
        null as approved_at,
        null as approval_status,
        null as attainment,
        rule_id,
        score,
        weight,
        null as effective_weight,
        null as contribution,
        final_points,
        coefficient,
        currency,
        amount,
        status,
        null as applied_policy,
        sentence,
        sentence_zh,
        basis
    from totals
),

numbered as (
    select
        cast('quarter' as string) as period_grain,
        period_start,
        is_closed,
        employee_id,
        cast(row_number() over (
            partition by period_start, employee_id
            order by
                step_place asc, weight desc, kpi_id asc, measured_owner_kind asc, measured_owner_id asc,
                scorecard_id asc
        ) as bigint) as step_number,
        step_kind,
        scorecard_id,
        kpi_id,
        name,
        name_zh,
        measured_owner_kind,
        measured_owner_id,
        numerator,
        denominator,
        sample_size,
        value,
        unit,
        target,
        red_flag,
        approved_by,
        approved_at,
        approval_status,
        attainment,
        rule_id,
        score,
        weight,
        effective_weight,
        contribution,
        final_points,
        coefficient,
        currency,
        amount,
        status,
        applied_policy,
        sentence,
        sentence_zh,
        basis
    from steps
)

select * from numbered
