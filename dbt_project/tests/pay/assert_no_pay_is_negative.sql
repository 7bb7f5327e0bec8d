-- Nobody owes the company money for a bad quarter, and a loss of a programme is carried, not charged.
with

amounts as (
    select
        fixed_paid_amount as amount,
        employee_id
    from {{ ref('quarterly_pay') }}
    union all
    select
        performance_pay_amount,
        employee_id
    from {{ ref('quarterly_pay') }}
    union all
    select
        reward_amount,
        employee_id
    from {{ ref('annual_rewards') }}
    union all
    select
        share_amount,
        employee_id
    from {{ ref('incentive_shares') }}
    union all
    select
        pool_amount,
        program_id
    from {{ ref('incentive_pools') }}
    union all
    select
        loss_carried_forward,
        program_id
    from {{ ref('incentive_pools') }}
),

wrong as (
    select * from amounts
    where amount < 0
)

select * from wrong
