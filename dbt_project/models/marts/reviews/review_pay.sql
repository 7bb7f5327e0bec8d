-- One row per quarter, revision, employee, currency and kind and quarter earned in: pay as frozen. Add up within one revision and currency.
with

frozen as (
    select * from {{ ref('stg_frozen_pay') }}
),

reviews as (
    select * from {{ ref('review_chain') }}
),

marked as (
    select
        frozen.quarter,
        frozen.revision,
        reviews.is_newest_revision,
        frozen.period_start,
        frozen.employee_id,
        frozen.kind,
        coalesce(frozen.corrected_period_start, frozen.period_start) as earned_period_start,
        coalesce(frozen.currency, '(none)') as currency,
        frozen.amount,
        frozen.final_score,
        frozen.bonus_rule_id,
        frozen.quarterly_share,
        frozen.coefficient,
        frozen.target_amount,
        frozen.fixed_paid_amount,
        frozen.performance_pay_amount,
        frozen.status
    from frozen
    inner join reviews on frozen.quarter = reviews.quarter and frozen.revision = reviews.revision
)

select * from marked
