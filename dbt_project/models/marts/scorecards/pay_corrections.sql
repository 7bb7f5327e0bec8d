-- One row per quarter booked in, quarter corrected, employee, currency and kind. Amounts add up within a currency: to due less paid.
with

frozen as (
    select * from {{ ref('stg_frozen_pay') }}
),

pay as (
    select * from {{ ref('quarterly_pay') }}
),

-- Payroll went by the first revision: a later one says what was due, and its effect is a correction too.
booked as (
    select
        period_start,
        corrected_period_start,
        employee_id,
        currency,
        kind,
        amount
    from frozen
    where kind <> 'pay' and revision = 1
),

quarters as (
    select distinct period_start from {{ ref('stg_frozen_reviews') }}
),

-- The first quarter not frozen after a frozen one follows a frozen one.
open_quarters as (
    select cast(quarters.period_start + interval '3' month as date) as period_start
    from quarters
    left join quarters as following
        on cast(quarters.period_start + interval '3' month as date) = following.period_start
    where following.period_start is null
),

-- Where today cannot say what is due (no salary, nobody by that id), nothing is taken back.
due as (
    select
        pay.period_start,
        pay.employee_id,
        pay.currency,
        pay.total_amount
    from pay
    inner join quarters on pay.period_start = quarters.period_start
    where pay.total_amount is not null
),

amounts as (
    select
        period_start,
        employee_id,
        currency,
        amount as paid_amount,
        0 as due_amount
    from frozen
    where kind = 'pay' and revision = 1 and amount is not null

    union all

    select
        corrected_period_start as period_start,
        employee_id,
        currency,
        amount as paid_amount,
        0 as due_amount
    from booked

    union all

    select
        period_start,
        employee_id,
        currency,
        0 as paid_amount,
        total_amount as due_amount
    from due
),

positions as (
    select
        amounts.period_start,
        amounts.employee_id,
        amounts.currency,
        sum(amounts.paid_amount) as paid_amount,
        sum(amounts.due_amount) as due_amount
    from amounts
    inner join due on amounts.period_start = due.period_start and amounts.employee_id = due.employee_id
    group by amounts.period_start, amounts.employee_id, amounts.currency
),

differing as (
    select
        positions.period_start,
        positions.employee_id,
        positions.currency,
        positions.paid_amount,
        positions.due_amount,
        min(open_quarters.period_start) as booked_in
    from positions
    inner join open_quarters on positions.period_start < open_quarters.period_start
    where positions.paid_amount <> positions.due_amount
    group by
        positions.period_start,
        positions.employee_id,
        positions.currency,
        positions.paid_amount,
        positions.due_amount
),

corrected as (
    select
        period_start,
        corrected_period_start,
        employee_id,
        currency,
        kind,
        amount
    from booked

    union all

    select
        booked_in as period_start,
        period_start as corrected_period_start,
        employee_id,
        currency,
        'reversal' as kind,
        cast(-paid_amount as decimal(18, 2)) as amount
    from differing
    where paid_amount <> 0

    union all

    select
        booked_in as period_start,
        period_start as corrected_period_start,
        employee_id,
        currency,
        'restated' as kind,
        cast(due_amount as decimal(18, 2)) as amount
    from differing
    where due_amount <> 0
)

select * from corrected
