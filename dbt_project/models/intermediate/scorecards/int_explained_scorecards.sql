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

review_weights as (
    select * from {{ ref('review_weights') }}
),

tiers as (
    select * from {{ ref('performance_tiers') }}
    where period_grain = 'quarter'
),

pay as (
    select * from {{ ref('int_explained_pay') }}
),

-- The kind of scorecard that most of the weight is of, for an employee who moved from one to another.
kind_weights as (
    select
        period_start,
        employee_id,
        scorecard_kind,
        {{ exact_sum('weight') }} as weight,
        {{ exact_sum(
            "case when applied_policy = 'redistribute' then weight - effective_weight end"
        ) }} as moved_weight
    from lines
    group by period_start, employee_id, scorecard_kind
),

kinds as (
    select
        period_start,
        employee_id,
        max_by(scorecard_kind, weight) as scorecard_kind,
        {{ exact_sum('moved_weight') }} as moved_weight
    from kind_weights
    group by period_start, employee_id
),

shares as (
    select
        scorecards.period_start,
        scorecards.is_closed,
        scorecards.owner_id as employee_id,
        scorecards.scorecard_total as kpi_total,
        cast(null as double) as okr_total,
        cast(null as double) as weighted_rating,
        cast(null as string) as missing_raters,
        kinds.moved_weight,
        cast(0 as double) as okr_share,
        case
            when scorecards.final_basis = 'scorecard_only' then cast(0 as double)
            else cast(review_weights.review_share as double)
        end as review_share,
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
        scorecards.basis
    from scorecards
    inner join periods on scorecards.period_start = periods.period_start
    left join kinds
        on scorecards.period_start = kinds.period_start and scorecards.owner_id = kinds.employee_id
    left join review_weights
        on
            kinds.scorecard_kind = review_weights.scorecard_kind
            and review_weights.valid_from < periods.elapsed_until
            and (review_weights.valid_to is null or review_weights.valid_to >= periods.elapsed_until)
    left join tiers
        on
            scorecards.tier_id = tiers.tier_id
            and tiers.valid_from < periods.elapsed_until
            and (tiers.valid_to is null or tiers.valid_to >= periods.elapsed_until)
),

-- What each part is of the final score: the three shares add up to 1.
explained as (
    select
        shares.period_start,
        shares.is_closed,
        shares.employee_id,
        shares.kpi_total,
        shares.okr_total,
        shares.weighted_rating,
        shares.missing_raters,
        shares.moved_weight,
        shares.okr_share,
        shares.review_share,
        (1 - shares.review_share) * (1 - shares.okr_share) as kpi_final_share,
        (1 - shares.review_share) * shares.okr_share as okr_final_share,
        shares.review_share as review_final_share,
        shares.final_score,
        shares.coverage,
        shares.minimum_coverage,
        shares.line_count,
        shares.waiting_line_count,
        shares.status,
        shares.tier_id,
        shares.tier_name,
        shares.tier_name_zh,
        shares.tier_score_from,
        shares.tier_score_to,
        pay.bonus_rule_id,
        pay.coefficient,
        pay.currency,
        pay.employed_days,
        pay.period_days,
        pay.variable_target_amount,
        pay.fixed_paid_amount,
        pay.performance_pay_amount,
        pay.total_amount,
        pay.pay_status,
        shares.basis
    from shares
    left join pay
        on shares.period_start = pay.period_start and shares.employee_id = pay.employee_id
)

select * from explained
