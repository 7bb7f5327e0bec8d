-- Grain: one row a quarter and employee: how the lines of the scorecard become a final score, a tier and pay.
with

scorecards as (
    select * from {{ ref('scorecards') }}
    where owner_kind = 'employee' and period_grain = 'quarter'
),

lines as (
    select * from {{ ref('int_explained_lines') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

ratings as (
    select * from {{ ref('int_weighted_ratings') }}
),

tiers as (
    select * from {{ ref('performance_tiers') }}
    where period_grain = 'quarter'
),

pay as (
    select * from {{ ref('quarterly_pay') }}
),

moved as (
    select
        period_start,
        employee_id,
        {{ exact_sum(
            "case when applied_policy = 'redistribute' then weight - effective_weight end"
        ) }} as moved_weight
    from lines
    group by period_start, employee_id
),

-- What each part is of the final score: the three shares add up to 1.
explained as (
    select
        scorecards.period_start,
        scorecards.is_closed,
        scorecards.owner_id as employee_id,
        scorecards.kpi_total,
        scorecards.okr_total,
        scorecards.weighted_rating,
        ratings.missing_raters,
        moved.moved_weight,
        scorecards.okr_share,
        scorecards.review_share,
        round(scorecards.kpi_okr_share * (1 - scorecards.okr_share), 9) as kpi_final_share,
        round(scorecards.kpi_okr_share * scorecards.okr_share, 9) as okr_final_share,
        scorecards.review_share as review_final_share,
        scorecards.final_score,
        scorecards.coverage,
        scorecards.minimum_coverage,
        scorecards.line_count,
        scorecards.waiting_line_count,
        scorecards.status,
        scorecards.tier_id,
        scorecards.tier_name,
        scorecards.tier_name_zh,
        tiers.score_from as tier_score_from,
        tiers.score_to as tier_score_to,
        pay.bonus_rule_id,
        cast(pay.coefficient as double) as coefficient,
        pay.currency,
        pay.employed_days,
        pay.period_days,
        {{ round_money('pay.variable_target_amount') }} as variable_target_amount,
        pay.fixed_paid_amount,
        pay.performance_pay_amount,
        pay.total_amount,
        pay.status as pay_status,
        scorecards.basis
    from scorecards
    inner join periods on scorecards.period_start = periods.period_start
    left join ratings
        on scorecards.period_start = ratings.quarter_start and scorecards.owner_id = ratings.employee_id
    left join moved
        on scorecards.period_start = moved.period_start and scorecards.owner_id = moved.employee_id
    left join tiers
        on
            scorecards.tier_id = tiers.tier_id
            and tiers.valid_from < periods.elapsed_until
            and (tiers.valid_to is null or tiers.valid_to >= periods.elapsed_until)
    left join pay
        on scorecards.period_start = pay.period_start and scorecards.owner_id = pay.employee_id
)

select * from explained
