-- A quarter puts 30 to 40 % of the target pay at stake, no less and no more, whatever plans met in it.
with

pay as (
    select * from {{ ref('quarterly_pay') }}
),

wrong as (
    select
        period_start,
        employee_id,
        quarterly_share
    from pay
    where quarterly_share < 0.30 or quarterly_share > 0.40
)

select * from wrong
