-- One row per closed quarter and employee: what the quarter pays. Amounts add up over employees of one currency.
with

spans as (
    select * from {{ ref('quarterly_pay_spans') }}
),

scorecards as (
    select * from {{ ref('scorecards') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

-- Nothing is rounded yet: a year's amounts, times days, times shares.
counted as (
    select
        period_start,
        employee_id,
        span_from,
        days,
        period_days,
        currency,
        bonus_rule_id,
        quarterly_share,
        coefficient,
        status,
        cast((fixed_amount + variable_amount) * pay_rate * days as decimal(38, 12)) as target_days
    from spans
),

summed as (
    select
        period_start,
        employee_id,
        max_by(currency, span_from) as currency,
        count(distinct currency) as currency_count,
        sum(days) as employed_days,
        max(period_days) as period_days,
        4 * max(period_days) as year_days,
        max_by(bonus_rule_id, span_from) as bonus_rule_id,
        cast(count(*) as bigint) as span_count,
        count(case when status = 'no_salary' then 1 end) as without_salary,
        count(case when status = 'no_pay_plan' then 1 end) as without_plan,
        count(case when status = 'no_rate' then 1 end) as without_rate,
        count(case when status = 'waiting' then 1 end) as waiting,
        sum(target_days) as target_days,
        sum(cast(target_days * (1 - quarterly_share) as decimal(38, 16))) as fixed_days,
        sum(cast(target_days * quarterly_share as decimal(38, 16))) as variable_days,
        sum(cast(target_days * quarterly_share * coefficient as decimal(38, 22))) as performance_days
    from counted
    group by period_start, employee_id
),

judged as (
    select
        summed.period_start,
        summed.employee_id,
        summed.currency,
        summed.employed_days,
        summed.period_days,
        summed.year_days,
        summed.span_count,
        summed.bonus_rule_id,
        summed.target_days,
        summed.fixed_days,
        summed.variable_days,
        summed.performance_days,
        scorecards.final_score,
        scorecards.tier_id,
        case
            when summed.without_salary > 0 then 'no_salary'
            when summed.without_plan > 0 then 'no_pay_plan'
            when summed.without_rate > 0 then 'no_rate'
            when summed.currency_count > 1 then 'two_currencies'
            when summed.waiting > 0 then 'waiting'
            else 'paid'
        end as status,
        coalesce(scorecards.status, 'no_scorecard') as scorecard_status
    from summed
    left join scorecards
        on summed.period_start = scorecards.period_start and summed.employee_id = scorecards.owner_id
),

-- A quarter in which a salary, plan or rate is missing, or two currencies meet, pays nothing by itself.
held as (
    select
        period_start,
        employee_id,
        currency,
        employed_days,
        period_days,
        year_days,
        span_count,
        bonus_rule_id,
        final_score,
        tier_id,
        status,
        case
            when status = 'waiting' then scorecard_status
            when status <> 'paid' then status
        end as status_reason,
        case when status in ('paid', 'waiting') then target_days end as target_days,
        case when status in ('paid', 'waiting') then fixed_days end as fixed_days,
        case when status in ('paid', 'waiting') then variable_days end as variable_days,
        case when status = 'paid' then performance_days end as performance_days
    from judged
),

rounded as (
    select
        period_start,
        employee_id,
        currency,
        cast(employed_days as bigint) as employed_days,
        cast(period_days as bigint) as period_days,
        span_count,
        cast({{ divide('variable_days', 'target_days') }} as decimal(9, 6)) as quarterly_share,
        {{ decimal_ratio('target_days', 'year_days', 6) }} as target_amount,
        {{ decimal_ratio('fixed_days', 'year_days', 6) }} as fixed_target_amount,
        {{ decimal_ratio('variable_days', 'year_days', 6) }} as variable_target_amount,
        final_score,
        tier_id,
        bonus_rule_id,
        cast({{ divide('performance_days', 'variable_days') }} as decimal(18, 6)) as coefficient,
        {{ decimal_ratio('fixed_days', 'year_days') }} as fixed_paid_amount,
        {{ decimal_ratio('performance_days', 'year_days') }} as performance_pay_amount,
        status,
        status_reason
    from held
),

totalled as (
    select
        period_start,
        employee_id,
        currency,
        employed_days,
        period_days,
        span_count,
        quarterly_share,
        target_amount,
        fixed_target_amount,
        variable_target_amount,
        final_score,
        tier_id,
        bonus_rule_id,
        coefficient,
        fixed_paid_amount,
        performance_pay_amount,
        cast(fixed_paid_amount + coalesce(performance_pay_amount, 0) as decimal(18, 2)) as total_amount,
        status,
        status_reason
    from rounded
)

select * from totalled
