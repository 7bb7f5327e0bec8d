-- One row per period and owner. Scores do not add up; an employee's row is about that employee alone.
with

totals as (
    select * from {{ ref('int_scorecard_totals') }}
),

tiers as (
    select * from {{ ref('performance_tiers') }}
),

-- A total of lines that still wait, or of too few of them, is shown and is not final; nor is one without its review.
judged as (
    select
        *,
        case
            when kpi_total is null then 'nothing_measured'
            when waiting_line_count > 0 then 'waiting'
            when minimum_coverage is null then 'no_review_weights'
            when is_okr_waiting then 'okr_waiting'
            when coverage < minimum_coverage then 'under_minimum_coverage'
            when review_status = 'incomplete' or (review_share > 0 and weighted_rating is null)
                then 'review_incomplete'
            else 'scored'
        end as status
    from totals
),

finals as (
    select
        *,
        case when status = 'scored' then {{ round_money(
            'kpi_okr_share * scorecard_total + case when review_share > 0 then review_share * weighted_rating else 0 end'
        ) }} end as final_score
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
        finals.scorecard_kind,
        finals.kpi_total,
        finals.okr_share,
        finals.okr_total,
        finals.scorecard_total,
        finals.kpi_okr_share,
        finals.review_share,
        finals.weighted_rating,
        finals.review_status,
        finals.final_score,
        cast(case
            when finals.review_share > 0 then 'scorecard_and_review' else 'scorecard_only'
        end as string) as final_basis,
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
