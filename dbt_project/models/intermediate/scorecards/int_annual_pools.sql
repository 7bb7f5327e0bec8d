-- Grain: one row an annual rule and fiscal year that is over, with its measures and what there is to share.
with

rules as (
    select * from {{ ref('annual_rules') }}
),

years as (
    select * from {{ ref('int_pay_years') }}
),

catalog as (
    select * from {{ ref('kpi_catalog') }}
),

kpi_values as (
    select * from {{ ref('kpi_values') }}
    where owner_kind = 'company' and is_closed
),

targets as (
    select * from {{ ref('int_kpi_targets_resolved') }}
    where owner_kind = 'company' and period_grain = 'quarter'
),

members as (
    select
        reward_id,
        year_start,
        sum(split_weight) as split_weight,
        count(*) - count(split_weight) as waiting_count
    from {{ ref('int_reward_members') }}
    where reward_kind = 'annual_rule'
    group by reward_id, year_start
),

-- A year's result and its target are those of its four quarters: a sum is due by the days of each.
results as (
    select
        {{ period_start('year', 'kpi_values.period_start') }} as year_start,
        kpi_values.kpi_id,
        count(*) as quarter_count,
        sum(kpi_values.numerator) as result_amount,
        sum(cast(targets.target as decimal(28, 10))) as target_amount
    from kpi_values
    inner join targets
        on
            kpi_values.period_start = targets.period_start
            and kpi_values.owner_id = targets.owner_id
            and kpi_values.kpi_id = targets.kpi_id
            and targets.target is not null
    where kpi_values.period_grain = 'quarter'
    group by {{ period_start('year', 'kpi_values.period_start') }}, kpi_values.kpi_id
),

measured as (
    select
        rules.annual_rule_id,
        rules.split_rule,
        years.year_start,
        rules.health_kpi_id,
        {{ finite('health.value') }} as health_value,
        catalog.healthy_value,
        rules.result_kpi_id,
        results.result_amount,
        results.target_amount,
        rules.pool_share,
        case
            when health.value >= catalog.healthy_value then cast(1 as decimal(9, 4))
            when health.value < catalog.healthy_value then rules.unhealthy_factor
        end as health_factor
    from rules
    inner join years
        on
            rules.valid_from < years.next_year_start
            and (rules.valid_to is null or rules.valid_to >= years.next_year_start)
    left join catalog
        on
            rules.health_kpi_id = catalog.kpi_id
            and catalog.valid_from < years.next_year_start
            and (catalog.valid_to is null or catalog.valid_to >= years.next_year_start)
    left join kpi_values as health
        on
            rules.health_kpi_id = health.kpi_id
            and health.period_grain = 'year'
            and years.year_start = health.period_start
    left join results
        on
            rules.result_kpi_id = results.kpi_id
            and years.year_start = results.year_start
            and results.quarter_count = 4
),

pooled as (
    select
        annual_rule_id,
        split_rule,
        year_start,
        health_kpi_id,
        health_value,
        healthy_value,
        result_kpi_id,
        {{ round_money('result_amount') }} as result_amount,
        {{ round_money('target_amount') }} as target_amount,
        pool_share,
        health_factor,
        case
            when result_amount <= target_amount then cast(0 as decimal(18, 2))
            else {{ round_money('(result_amount - target_amount) * pool_share * health_factor') }}
        end as earned_amount,
        case
            when health_factor is null or result_amount is null then 'no_measure'
            when result_amount <= target_amount then 'below_target'
            when health_factor = 0 then 'unhealthy'
        end as no_pool
    from measured
),

judged as (
    select
        pooled.annual_rule_id,
        pooled.split_rule,
        pooled.year_start,
        pooled.health_kpi_id,
        pooled.health_value,
        pooled.healthy_value,
        pooled.result_kpi_id,
        pooled.result_amount,
        pooled.target_amount,
        pooled.pool_share,
        pooled.health_factor,
        case
            when pooled.no_pool = 'no_measure' then null
            when members.split_weight > 0 then pooled.earned_amount
            else cast(0 as decimal(18, 2))
        end as pool_amount,
        case
            when pooled.no_pool is not null then pooled.no_pool
            when members.waiting_count > 0 then 'waiting'
            when members.split_weight > 0 then 'paid'
            else 'nobody_to_pay'
        end as status
    from pooled
    left join members on pooled.annual_rule_id = members.reward_id and pooled.year_start = members.year_start
)

select * from judged
