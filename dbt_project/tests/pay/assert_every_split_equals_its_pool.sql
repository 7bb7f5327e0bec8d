-- Money that is split must come out whole: neither may the company keep a cent of a pool nor pay one that is not in it.
with

pools as (
    select
        program_id as reward_id,
        period_start,
        pool_amount
    from {{ ref('incentive_pools') }}
    where status not in ('no_measure', 'waiting')
),

shares as (
    select
        program_id as reward_id,
        period_start,
        sum(share_amount) as share_amount
    from {{ ref('incentive_shares') }}
    group by program_id, period_start
),

programs as (
    select
        pools.reward_id,
        pools.period_start,
        pools.pool_amount,
        coalesce(shares.share_amount, 0) as share_amount
    from pools
    left join shares on pools.reward_id = shares.reward_id and pools.period_start = shares.period_start
),

rewards as (
    select
        annual_rule_id as reward_id,
        period_start,
        max(pool_amount) as pool_amount,
        sum(reward_amount) as share_amount
    from {{ ref('annual_rewards') }}
    where status not in ('no_measure', 'waiting')
    group by annual_rule_id, period_start
),

split as (
    select * from programs
    union all
    select * from rewards
),

wrong as (
    select * from split
    where pool_amount is distinct from share_amount
)

select * from wrong
