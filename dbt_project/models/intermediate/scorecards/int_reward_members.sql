-- Grain: one row a reward (a programme or an annual rule), fiscal year and employee, with the weight of the employee's share.
with

spans as (
    select * from {{ ref('quarterly_pay_spans') }}
),

programs as (
    select * from {{ ref('incentive_programs') }}
),

rules as (
    select * from {{ ref('annual_rules') }}
),

years as (
    select * from {{ ref('int_pay_years') }}
),

weighed as (
    select
        {{ period_start('year', 'period_start') }} as year_start,
        employee_id,
        team_id,
        department_id,
        annual_rule_id,
        span_until,
        days,
        final_score,
        -- Fixed pay is compared in the base currency; without a rate it is not known.
        case
            when currency = '{{ setting('base_currency') }}' then cast(fixed_target_amount as decimal(38, 10))
            else cast({{ round_money('fixed_target_amount * rate_to_base', 6) }} as decimal(38, 10))
        end as fixed_target_amount
    from spans
),

shared as (
    select
        'program' as reward_kind,
        programs.program_id as reward_id,
        programs.split_rule,
        years.year_start,
        weighed.employee_id,
        weighed.days,
        weighed.final_score,
        weighed.fixed_target_amount,
        true as is_entitled
    from programs
    inner join years
        on
            programs.valid_from < years.next_year_start
            and (programs.valid_to is null or programs.valid_to >= years.next_year_start)
    inner join weighed
        on
            years.year_start = weighed.year_start
            and case programs.owner_kind when 'team' then weighed.team_id else weighed.department_id end
            = programs.owner_id
    union all
    select
        'annual_rule' as reward_kind,
        rules.annual_rule_id as reward_id,
        rules.split_rule,
        years.year_start,
        weighed.employee_id,
        weighed.days,
        weighed.final_score,
        weighed.fixed_target_amount,
        not rules.only_if_employed_at_end
        or max(weighed.span_until) over (partition by years.year_start, weighed.employee_id)
        = years.next_year_start as is_entitled
    from rules
    inner join years
        on
            rules.valid_from < years.next_year_start
            and (rules.valid_to is null or rules.valid_to >= years.next_year_start)
    inner join weighed
        on years.year_start = weighed.year_start and rules.annual_rule_id = weighed.annual_rule_id
),

summed as (
    select
        reward_kind,
        reward_id,
        split_rule,
        year_start,
        employee_id,
        cast(sum(days) as bigint) as days,
        sum(case when final_score is null then days else 0 end) as unscored_days,
        sum(cast(final_score * days as decimal(38, 10))) as score_days,
        sum(fixed_target_amount) as fixed_target_amount,
        count(*) - count(fixed_target_amount) as unpriced_count
    from shared
    where is_entitled
    group by reward_kind, reward_id, split_rule, year_start, employee_id
),

-- A member whose weight is not known yet has none, and the reward waits for it.
members as (
    select
        reward_kind,
        reward_id,
        year_start,
        employee_id,
        days,
        cast(case
            when split_rule = 'equal' then days
            when split_rule = 'by_score' and unscored_days = 0 then score_days
            when split_rule = 'by_fixed_pay' and unpriced_count = 0 then fixed_target_amount
        end as decimal(38, 10)) as split_weight
    from summed
)

select * from members
