-- Grain: one row a quarter and employee that was paid by a scorecard. No pay is computed yet: no rows.
with

employees as (
    select * from {{ ref('dim_employees') }}
),

paid as (
    select
        valid_from as period_start,
        employee_id,
        cast(null as string) as currency,
        cast(null as bigint) as employed_days,
        cast(null as bigint) as period_days,
        cast(null as decimal(18, 2)) as variable_target_amount,
        cast(null as string) as bonus_rule_id,
        cast(null as double) as coefficient,
        cast(null as decimal(18, 2)) as fixed_paid_amount,
        cast(null as decimal(18, 2)) as performance_pay_amount,
        cast(null as decimal(18, 2)) as total_amount,
        cast(null as string) as pay_status
    from employees
    where false
)

select * from paid
