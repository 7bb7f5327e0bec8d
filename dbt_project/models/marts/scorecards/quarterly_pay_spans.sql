-- One row per closed quarter, employee and stretch of days at one post, salary and plan. Amounts add up within a currency.
with

spans as (
    select * from {{ ref('int_pay_spans') }}
),

scorecards as (
    select * from {{ ref('scorecards') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

bands as (
    select * from {{ ref('bonus_bands') }}
),

rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

-- What is converted takes the rate of the quarter's last day.
rated as (
    select
        spans.period_start,
        spans.employee_id,
        spans.span_from,
        spans.span_until,
        cast(spans.days as bigint) as days,
        cast(spans.period_days as bigint) as period_days,
        spans.department_id,
        spans.team_id,
        spans.role_id,
        spans.pay_plan_id,
        spans.annual_rule_id,
        spans.fixed_amount,
        spans.variable_amount,
        spans.currency as contract_currency,
        case
            when spans.paid_in = 'base' then '{{ setting('base_currency') }}' else spans.currency
        end as currency,
        cast(case
            when spans.currency = '{{ setting('base_currency') }}' then 1 else rates.rate
        end as decimal(22, 10)) as rate_to_base,
        cast(case
            when spans.paid_in = 'base' and spans.currency <> '{{ setting('base_currency') }}' then rates.rate
            else 1
        end as decimal(22, 10)) as pay_rate,
        spans.quarterly_share,
        spans.bonus_rule_id,
        scorecards.final_score
    from spans
    left join rates
        on spans.currency = rates.currency and spans.next_period_start - 1 = rates.converted_on
    left join scorecards
        on spans.period_start = scorecards.period_start and spans.employee_id = scorecards.owner_id
),

banded as (
    select
        rated.period_start,
        rated.employee_id,
        rated.span_from,
        rated.span_until,
        rated.days,
        rated.period_days,
        rated.department_id,
        rated.team_id,
        rated.role_id,
        rated.pay_plan_id,
        rated.annual_rule_id,
        rated.fixed_amount,
        rated.variable_amount,
        rated.contract_currency,
        rated.currency,
        rated.pay_rate,
        rated.rate_to_base,
        rated.quarterly_share,
        rated.bonus_rule_id,
        rated.final_score,
        bands.coefficient_from,
        (rated.final_score - bands.score_from) * (bands.coefficient_to - bands.coefficient_from) as climbed,
        bands.score_to - bands.score_from as band_width,
        4 * rated.period_days as year_days,
        cast(
            (rated.fixed_amount + rated.variable_amount) * rated.pay_rate * rated.days as decimal(38, 12)
        ) as target_days
    from rated
    left join bands
        on
            rated.bonus_rule_id = bands.bonus_rule_id
            and (bands.score_from is null or rated.final_score >= bands.score_from)
            and (bands.score_to is null or rated.final_score < bands.score_to)
            and rated.final_score is not null
),

split as (
    select
        period_start,
        employee_id,
        span_from,
        span_until,
        days,
        period_days,
        department_id,
        team_id,
        role_id,
        pay_plan_id,
        annual_rule_id,
        fixed_amount,
        variable_amount,
        contract_currency,
        currency,
        pay_rate,
        rate_to_base,
        quarterly_share,
        bonus_rule_id,
        final_score,
        cast(
            coefficient_from + coalesce({{ decimal_ratio('climbed', 'band_width', 6) }}, 0) as decimal(18, 6)
        ) as coefficient,
        year_days,
        target_days,
        cast(target_days * (1 - quarterly_share) as decimal(38, 16)) as fixed_days,
        cast(target_days * quarterly_share as decimal(38, 16)) as variable_days
    from banded
),

shown as (
    select
        period_start,
        employee_id,
        span_from,
        span_until,
        days,
        period_days,
        department_id,
        team_id,
        role_id,
        pay_plan_id,
        annual_rule_id,
        fixed_amount,
        variable_amount,
        contract_currency,
        currency,
        pay_rate,
        rate_to_base,
        quarterly_share,
        {{ decimal_ratio('fixed_days', 'year_days', 6) }} as fixed_target_amount,
        {{ decimal_ratio('variable_days', 'year_days', 6) }} as variable_target_amount,
        final_score,
        bonus_rule_id,
        coefficient,
        case
            when fixed_amount is null then 'no_salary'
            when pay_plan_id is null then 'no_pay_plan'
            when pay_rate is null then 'no_rate'
            when coefficient is null then 'waiting'
            else 'priced'
        end as status
    from split
)

select * from shown
