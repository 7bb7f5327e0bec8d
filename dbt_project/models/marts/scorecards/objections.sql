-- One row per objection to a review, with what it is about, its outcome and how long that took. Nothing adds up.
with

objections as (
    select
        objection_id,
        employee_id,
        quarter_start,
        cast(quarter_start + interval '3' month as date) as next_quarter_start,
        raised_at,
        raised_on,
        kpi_id,
        reason,
        outcome,
        decided_at,
        decided_on,
        decided_by,
        correction
    from {{ ref('fct_review_objections') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

policies as (
    select * from {{ ref('review_policies') }}
),

lines as (
    select
        period_start,
        owner_id as employee_id,
        kpi_id,
        {{ exact_sum('contribution') }} as contribution
    from {{ ref('kpi_scores') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
    group by period_start, owner_id, kpi_id
),

joined as (
    select
        objections.objection_id,
        objections.quarter_start as period_start,
        objections.employee_id,
        objections.kpi_id,
        kpis.name as kpi_name,
        kpis.name_zh as kpi_name_zh,
        lines.contribution,
        objections.reason,
        objections.raised_at,
        objections.raised_on,
        objections.outcome,
        objections.decided_at,
        objections.decided_on,
        objections.decided_by,
        objections.correction,
        objections.next_quarter_start + {{ setting('grace_days') }} as ratings_closed_on,
        coalesce(objections.decided_on, {{ business_day(as_of()) }}) as settled_by,
        policies.objection_days,
        lines.kpi_id is not null as is_on_scorecard
    from objections
    left join kpis on objections.kpi_id = kpis.kpi_id
    left join lines
        on
            objections.quarter_start = lines.period_start
            and objections.employee_id = lines.employee_id
            and objections.kpi_id = lines.kpi_id
    left join policies on {{ holds_before('policies', 'objections.next_quarter_start') }}
),

flagged as (
    select
        objection_id,
        period_start,
        employee_id,
        kpi_id,
        kpi_name,
        kpi_name_zh,
        contribution,
        reason,
        raised_at,
        raised_on,
        outcome,
        decided_at,
        decided_on,
        decided_by,
        correction,
        cast({{ days_between('raised_on', 'settled_by') }} as bigint) as days_open,
        {{ days_between('ratings_closed_on', 'raised_on') }} > objection_days as is_raised_late,
        {{ days_between('raised_on', 'settled_by') }} > objection_days as is_overdue,
        case
            when decided_by = employee_id then 'decided_by_themself'
            when kpi_id is not null and kpi_name is null then 'unknown_kpi'
            when kpi_id is not null and not is_on_scorecard then 'kpi_not_on_scorecard'
            when outcome <> 'pending' and decided_at is null then 'decided_without_a_date'
        end as flag
    from joined
)

select * from flagged
