-- One row per programme and fiscal year that is over: what it measured and what there is to share. Pools add up.
with

entries as (
    select * from {{ ref('int_incentive_entries') }}
),

members as (
    select
        reward_id,
        year_start,
        cast(count(*) as bigint) as employee_count,
        sum(split_weight) as split_weight,
        count(*) - count(split_weight) as waiting_count
    from {{ ref('int_reward_members') }}
    where reward_kind = 'program'
    group by reward_id, year_start
),

-- Paid so far is the highest that the sum of all entries has stood: a loss is made good before anything is paid again.
added as (
    select
        *,
        sum(entry_amount) over history as brought
    from entries
    window history as (
        partition by program_id order by year_start rows between unbounded preceding and current row
    )
),

paid as (
    select
        *,
        max(case when brought > 0 then brought else 0 end) over (
            partition by program_id order by year_start rows between unbounded preceding and current row
        ) as earned
    from added
),

balanced as (
    select
        *,
        cast(coalesce(lag(earned - brought) over history, 0) as decimal(18, 2)) as loss_brought_forward,
        cast(earned - coalesce(lag(earned) over history, 0) as decimal(18, 2)) as earned_amount,
        cast(earned - brought as decimal(18, 2)) as loss_carried_forward
    from paid
    window history as (partition by program_id order by year_start)
),

judged as (
    select
        balanced.program_id,
        balanced.name,
        balanced.name_zh,
        balanced.owner_kind,
        balanced.owner_id,
        cast('year' as string) as period_grain,
        balanced.year_start as period_start,
        cast('{{ setting('base_currency') }}' as string) as currency,
        balanced.growth_kpi_id,
        balanced.growth_value,
        balanced.growth_value_before,
        balanced.growth,
        balanced.growth_threshold,
        balanced.uplift_kpi_id,
        balanced.uplift_value,
        balanced.baseline_value,
        balanced.cohort_customers,
        cast(balanced.uplift_amount as decimal(18, 2)) as uplift_amount,
        balanced.pool_share,
        balanced.entry_amount,
        balanced.loss_brought_forward,
        balanced.loss_carried_forward,
        balanced.earned_amount,
        cast(
            case when members.split_weight > 0 then balanced.earned_amount else 0 end as decimal(18, 2)
        ) as pool_amount,
        balanced.split_rule,
        cast(coalesce(members.employee_count, 0) as bigint) as employee_count,
        case
            when balanced.uplift_amount is null or balanced.growth is null then 'no_measure'
            when balanced.uplift_amount < 0 then 'loss'
            when balanced.growth <= balanced.growth_threshold then 'under_threshold'
            when balanced.earned_amount = 0 then 'loss_made_good'
            when members.waiting_count > 0 then 'waiting'
            when members.split_weight > 0 then 'paid'
            else 'nobody_to_pay'
        end as status
    from balanced
    left join members on balanced.program_id = members.reward_id and balanced.year_start = members.year_start
)

select * from judged
