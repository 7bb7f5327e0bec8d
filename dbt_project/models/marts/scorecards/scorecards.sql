-- One row per period and owner. Scores do not add up; an employee's row is about that employee alone.
with

kpi_scores as (
    select * from {{ ref('kpi_scores') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

segments as (
    select * from {{ ref('int_scorecard_segments') }}
),

review_weights as (
    select * from {{ ref('review_weights') }}
),

tiers as (
    select * from {{ ref('performance_tiers') }}
),

totals as (
    select
        kpi_scores.period_grain,
        kpi_scores.period_start,
        kpi_scores.is_closed,
        periods.elapsed_until,
        kpi_scores.owner_kind,
        kpi_scores.owner_id,
        kpi_scores.employee_count,
        {{ exact_sum('kpi_scores.contribution') }} as scorecard_total,
        {{ exact_sum(
            "case when kpi_scores.status in ('scored', 'zero_value') then kpi_scores.weight else 0 end"
        ) }} / 100 as coverage,
        {{ exact_sum('kpi_scores.weight * review_weights.minimum_coverage') }} / 100 as minimum_coverage,
        count(case when kpi_scores.applied_policy = 'wait' then kpi_scores.kpi_id end) as waiting_line_count,
        count(*) as line_count
    from kpi_scores
    inner join periods
        on kpi_scores.period_grain = periods.period_grain and kpi_scores.period_start = periods.period_start
    left join review_weights
        on
            kpi_scores.scorecard_kind = review_weights.scorecard_kind
            and review_weights.valid_from < periods.elapsed_until
            and (review_weights.valid_to is null or review_weights.valid_to >= periods.elapsed_until)
    group by
        kpi_scores.period_grain, kpi_scores.period_start, kpi_scores.is_closed, periods.elapsed_until,
        kpi_scores.owner_kind, kpi_scores.owner_id, kpi_scores.employee_count
),

last_posts as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        role_id,
        team_id,
        department_id
    from segments
    qualify row_number() over (
        partition by period_grain, period_start, owner_kind, owner_id order by segment_until desc
    ) = 1
),

-- A total of lines that still wait, or of too few of them, is shown and is not final.
judged as (
    select
        totals.period_grain,
        totals.period_start,
        totals.is_closed,
        totals.elapsed_until,
        totals.owner_kind,
        totals.owner_id,
        totals.employee_count,
        last_posts.role_id,
        last_posts.team_id,
        last_posts.department_id,
        totals.scorecard_total,
        totals.coverage,
        totals.minimum_coverage,
        totals.waiting_line_count,
        totals.line_count,
        case
            when totals.scorecard_total is null then 'nothing_measured'
            when totals.waiting_line_count > 0 then 'waiting'
            when totals.minimum_coverage is null then 'no_review_weights'
            when totals.coverage < totals.minimum_coverage then 'under_minimum_coverage'
            else 'scored'
        end as status
    from totals
    left join last_posts
        on
            totals.period_grain = last_posts.period_grain
            and totals.period_start = last_posts.period_start
            and totals.owner_kind = last_posts.owner_kind
            and totals.owner_id = last_posts.owner_id
),

finals as (
    select
        period_grain,
        period_start,
        is_closed,
        elapsed_until,
        owner_kind,
        owner_id,
        employee_count,
        role_id,
        team_id,
        department_id,
        scorecard_total,
        case when status = 'scored' then {{ round_money('scorecard_total') }} end as final_score,
        coverage,
        minimum_coverage,
        waiting_line_count,
        line_count,
        status
    from judged
),

tiered as (
    select
        finals.period_grain,
        finals.period_start,
        finals.is_closed,
        finals.owner_kind,
        finals.owner_id,
        finals.employee_count,
        finals.role_id,
        finals.team_id,
        finals.department_id,
        finals.scorecard_total,
        finals.final_score,
        cast('scorecard_only' as string) as final_basis,
        finals.coverage,
        finals.minimum_coverage,
        cast(finals.line_count as bigint) as line_count,
        cast(finals.waiting_line_count as bigint) as waiting_line_count,
        finals.status,
        tiers.tier_id,
        tiers.name as tier_name,
        tiers.name_zh as tier_name_zh,
        cast('live' as string) as basis
    from finals
    left join tiers
        on
            finals.owner_kind = 'employee'
            and finals.period_grain = tiers.period_grain
            and tiers.valid_from < finals.elapsed_until
            and (tiers.valid_to is null or tiers.valid_to >= finals.elapsed_until)
            and (tiers.score_from is null or finals.final_score >= tiers.score_from)
            and (tiers.score_to is null or finals.final_score < tiers.score_to)
            and finals.final_score is not null
)

select * from tiered
