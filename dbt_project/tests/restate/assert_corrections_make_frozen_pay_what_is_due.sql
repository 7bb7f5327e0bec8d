-- What a frozen quarter paid, with every correction of it, is what is due for it today: nobody is paid twice or short.
with

reviews as (
    select distinct period_start from {{ ref('review_chain') }}
),

due as (
    select
        pay.period_start,
        pay.employee_id,
        pay.currency,
        pay.total_amount
    from {{ ref('quarterly_pay') }} as pay
    inner join reviews on pay.period_start = reviews.period_start
    where pay.total_amount is not null
),

-- A correction waits for no quarter: the one after the last frozen is always open.
amounts as (
    select
        period_start,
        employee_id,
        currency,
        amount
    from {{ ref('review_pay') }}
    where kind = 'pay' and revision = 1 and amount is not null

    union all

    select
        corrected_period_start as period_start,
        employee_id,
        currency,
        amount
    from {{ ref('pay_corrections') }}

    union all

    select
        period_start,
        employee_id,
        currency,
        -total_amount as amount
    from due
),

summed as (
    select
        amounts.period_start,
        amounts.employee_id,
        amounts.currency,
        sum(amounts.amount) as difference
    from amounts
    inner join due on amounts.period_start = due.period_start and amounts.employee_id = due.employee_id
    group by amounts.period_start, amounts.employee_id, amounts.currency
)

select * from summed
where difference <> 0
