{%- set ties = tie_hash("program_id || ':' || employee_id") ~ ', employee_id' -%}
-- One row per programme, fiscal year and employee who has a share. The shares of a pool sum to it to the cent.
with

pools as (
    select * from {{ ref('incentive_pools') }}
),

members as (
    select * from {{ ref('int_reward_members') }}
    where reward_kind = 'program'
),

joined as (
    select
        pools.program_id,
        pools.period_grain,
        pools.period_start,
        members.employee_id,
        pools.currency,
        pools.split_rule,
        pools.pool_amount,
        pools.status,
        members.days,
        members.split_weight,
        {{ in_cents('pools.pool_amount') }} as pool_cents,
        {{ divide(
            'members.split_weight', 'sum(members.split_weight) over (partition by pools.program_id, pools.period_start)'
        ) }} as split_share
    from pools
    inner join members on pools.program_id = members.reward_id and pools.period_start = members.year_start
),

shared as (
    select
        *,
        {{ share_in_microcents('pool_cents', 'split_share') }} as share
    from joined
),

split as (
    select
        program_id,
        period_grain,
        period_start,
        employee_id,
        currency,
        split_rule,
        pool_amount,
        days,
        split_weight,
        split_share,
        case
            when status in ('no_measure', 'waiting') then null
            when pool_cents = 0 then cast(0 as decimal(18, 2))
            else {{ share_in_money('pool_cents', 'share', 'program_id, period_start', ties) }}
        end as share_amount,
        status
    from shared
)

select * from split
