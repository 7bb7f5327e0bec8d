-- One row per quarter, employee and currency: the one figure to pay. Amounts add up over employees of one currency.
with

frozen as (
    select * from {{ ref('stg_frozen_pay') }}
    where kind = 'pay' and revision = 1
),

quarters as (
    select distinct period_start from {{ ref('stg_frozen_reviews') }}
),

pay as (
    select * from {{ ref('quarterly_pay') }}
),

corrections as (
    select * from {{ ref('pay_corrections') }}
),

-- A quarter is paid as it was first frozen; until then as of today.
own as (
    select
        period_start,
        employee_id,
        currency,
        amount as pay_amount,
        status,
        'frozen' as basis
    from frozen

    union all

    select
        pay.period_start,
        pay.employee_id,
        pay.currency,
        pay.total_amount as pay_amount,
        pay.status,
        'live' as basis
    from pay
    left join quarters on pay.period_start = quarters.period_start
    where quarters.period_start is null
),

amounts as (
    select
        period_start,
        employee_id,
        currency,
        pay_amount,
        cast(null as decimal(18, 2)) as reversal_amount,
        cast(null as decimal(18, 2)) as restated_amount,
        status,
        basis
    from own

    union all

    select
        period_start,
        employee_id,
        currency,
        cast(null as decimal(18, 2)) as pay_amount,
        case when kind = 'reversal' then amount end as reversal_amount,
        case when kind = 'restated' then amount end as restated_amount,
        cast(null as string) as status,
        cast(null as string) as basis
    from corrections
),

-- A correction may meet a quarter that is not over, an employee who left, or another currency: it stands alone then.
summed as (
    select
        period_start,
        employee_id,
        currency,
        sum(pay_amount) as pay_amount,
        coalesce(sum(reversal_amount), 0) as reversal_amount,
        coalesce(sum(restated_amount), 0) as restated_amount,
        coalesce(max(status), 'correction_only') as status,
        max(basis) as basis
    from amounts
    group by period_start, employee_id, currency
),

totalled as (
    select
        period_start,
        employee_id,
        coalesce(currency, '(none)') as currency,
        cast(pay_amount as decimal(18, 2)) as pay_amount,
        cast(reversal_amount as decimal(18, 2)) as reversal_amount,
        cast(restated_amount as decimal(18, 2)) as restated_amount,
        cast(reversal_amount + restated_amount as decimal(18, 2)) as correction_amount,
        cast(case
            when pay_amount is not null or status = 'correction_only'
                then coalesce(pay_amount, 0) + reversal_amount + restated_amount
        end as decimal(18, 2)) as amount_to_pay,
        status,
        cast(coalesce(basis, 'live') as string) as basis
    from summed
)

select * from totalled
