-- One row per employee and span of days at one pay. Amounts are a year's, in their own currency, and do not add up over spans.
with

salaries as (
    select * from {{ ref('stg_salaries') }}
),

spans as (
    select
        employee_id,
        valid_from,
        least(valid_to, lead(valid_from) over (partition by employee_id order by valid_from)) as valid_to,
        fixed_amount,
        coalesce(variable_amount, 0) as variable_amount,
        currency
    from salaries
),

held as (
    select
        employee_id,
        valid_from,
        valid_to,
        fixed_amount,
        cast(variable_amount as decimal(18, 2)) as variable_amount,
        currency
    from spans
    where valid_to is null or valid_to > valid_from
)

select * from held
