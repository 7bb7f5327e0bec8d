{%- set ties = tie_hash("annual_rule_id || ':' || employee_id") ~ ', employee_id' -%}
-- One row per fiscal year, annual rule and employee under it. The rewards of a pool sum to it to the cent.
with

pools as (
    select * from {{ ref('int_annual_pools') }}
),

members as (
    select * from {{ ref('int_reward_members') }}
    where reward_kind = 'annual_rule'
),

joined as (
    select
        pools.annual_rule_id,
        pools.year_start,
        members.employee_id,
        pools.health_kpi_id,
        pools.health_value,
        pools.healthy_value,
        pools.health_factor,
        pools.result_kpi_id,
        pools.result_amount,
        pools.target_amount,
        pools.pool_share,
        pools.pool_amount,
        pools.split_rule,
        members.days,
        members.split_weight,
        pools.status,
        {{ in_cents('pools.pool_amount') }} as pool_cents,
        {{ divide(
            'members.split_weight', 'sum(members.split_weight) over (partition by pools.annual_rule_id, pools.year_start)'
        ) }} as split_share
    from pools
    inner join members on pools.annual_rule_id = members.reward_id and pools.year_start = members.year_start
),

shared as (
    select
        *,
        {{ share_in_microcents('pool_cents', 'split_share') }} as share
    from joined
),

split as (
    select
        cast('year' as string) as period_grain,
        year_start as period_start,
        employee_id,
        annual_rule_id,
        cast('{{ setting('base_currency') }}' as string) as currency,
        health_kpi_id,
        health_value,
        healthy_value,
        health_factor,
        result_kpi_id,
        result_amount,
        target_amount,
        pool_share,
        pool_amount,
        split_rule,
        days,
        split_weight,
        split_share,
        case
            when status in ('no_measure', 'waiting') then null
            when pool_cents = 0 then cast(0 as decimal(18, 2))
            else {{ share_in_money('pool_cents', 'share', 'annual_rule_id, year_start', ties) }}
        end as reward_amount,
        status
    from shared
)

select * from split
