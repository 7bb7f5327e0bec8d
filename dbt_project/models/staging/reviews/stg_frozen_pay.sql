with

frozen as (
    select * from {{ lake('frozen_pay') }}
),

typed as (
    select
        cast(quarter as string) as quarter,
        cast(revision as bigint) as revision,
        cast(period_start as date) as period_start,
        cast(employee_id as string) as employee_id,
        cast(kind as string) as kind,
        cast(corrected_period_start as date) as corrected_period_start,
        cast(currency as string) as currency,
        cast(amount as decimal(18, 2)) as amount,
        cast(final_score as decimal(18, 2)) as final_score,
        cast(bonus_rule_id as string) as bonus_rule_id,
        cast(quarterly_share as decimal(9, 6)) as quarterly_share,
        cast(coefficient as decimal(18, 6)) as coefficient,
        cast(target_amount as decimal(18, 6)) as target_amount,
        cast(fixed_paid_amount as decimal(18, 2)) as fixed_paid_amount,
        cast(performance_pay_amount as decimal(18, 2)) as performance_pay_amount,
        cast(status as string) as status
    from frozen
)

select * from typed
