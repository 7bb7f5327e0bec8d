-- Grain: one row a closed quarter, employee and stretch of its days in which post, salary and pay plan stay the same.
with

quarters as (
    select
        period_start,
        next_period_start,
        period_days
    from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter' and is_closed
),

posts as (
    select * from {{ ref('dim_employees') }}
),

salaries as (
    select * from {{ ref('fct_salaries') }}
),

plans as (
    select * from {{ ref('pay_plans') }}
),

employed as (
    select
        quarters.period_start,
        quarters.next_period_start,
        quarters.period_days,
        posts.employee_id,
        posts.department_id,
        posts.team_id,
        posts.role_id,
        greatest(quarters.period_start, posts.valid_from) as post_from,
        least(quarters.next_period_start, coalesce(posts.valid_to, quarters.next_period_start)) as post_until
    from quarters
    inner join posts
        on
            posts.valid_from < quarters.next_period_start
            and (posts.valid_to is null or posts.valid_to > quarters.period_start)
),

changes as (
    select
        period_start,
        employee_id,
        post_from,
        post_from as changed_on
    from employed
    {% for column in ('valid_from', 'valid_to') %}
        union
        select
            employed.period_start,
            employed.employee_id,
            employed.post_from,
            salaries.{{ column }} as changed_on
        from employed
        inner join salaries
            on
                employed.employee_id = salaries.employee_id
                and salaries.{{ column }} > employed.post_from
                and salaries.{{ column }} < employed.post_until
        union
        select
            employed.period_start,
            employed.employee_id,
            employed.post_from,
            plans.{{ column }} as changed_on
        from employed
        inner join plans
            on
                plans.role_id in (employed.role_id, '*')
                and plans.{{ column }} > employed.post_from
                and plans.{{ column }} < employed.post_until
    {% endfor %}
),

spans as (
    select
        employed.period_start,
        employed.next_period_start,
        employed.period_days,
        employed.employee_id,
        employed.department_id,
        employed.team_id,
        employed.role_id,
        changes.changed_on as span_from,
        coalesce(
            lead(changes.changed_on) over (
                partition by employed.period_start, employed.employee_id, employed.post_from
                order by changes.changed_on
            ),
            employed.post_until
        ) as span_until
    from employed
    inner join changes
        on
            employed.period_start = changes.period_start
            and employed.employee_id = changes.employee_id
            and employed.post_from = changes.post_from
),

priced as (
    select
        spans.period_start,
        spans.next_period_start,
        spans.period_days,
        spans.employee_id,
        spans.span_from,
        spans.span_until,
        {{ days_between('spans.span_from', 'spans.span_until') }} as days,
        spans.department_id,
        spans.team_id,
        spans.role_id,
        plans.pay_plan_id,
        plans.quarterly_share,
        plans.paid_in,
        plans.bonus_rule_id,
        plans.annual_rule_id,
        salaries.fixed_amount,
        salaries.variable_amount,
        salaries.currency
    from spans
    left join salaries
        on
            spans.employee_id = salaries.employee_id
            and spans.span_from >= salaries.valid_from
            and (salaries.valid_to is null or spans.span_from < salaries.valid_to)
    left join plans
        on
            plans.role_id in (spans.role_id, '*')
            and spans.span_from >= plans.valid_from
            and (plans.valid_to is null or spans.span_from < plans.valid_to)
    -- A role's own plan goes before the one for all roles.
    qualify row_number() over (
        partition by spans.period_start, spans.employee_id, spans.span_from
        order by case when plans.role_id = '*' then 1 else 0 end
    ) = 1
)

select * from priced
