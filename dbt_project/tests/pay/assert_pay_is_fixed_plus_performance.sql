-- What an employee is paid is what the row shows it to be made of, and the stretches of days make up the quarter.
with

pay as (
    select * from {{ ref('quarterly_pay') }}
),

spans as (
    select
        period_start,
        employee_id,
        sum(days) as days,
        sum(fixed_target_amount) as fixed_target_amount,
        sum(variable_target_amount) as variable_target_amount
    from {{ ref('quarterly_pay_spans') }}
    group by period_start, employee_id
),

joined as (
    select
        pay.period_start,
        pay.employee_id,
        pay.employed_days,
        pay.period_days,
        pay.span_count,
        pay.target_amount,
        pay.fixed_target_amount,
        pay.variable_target_amount,
        pay.fixed_paid_amount,
        pay.performance_pay_amount,
        pay.total_amount,
        pay.status,
        pay.status_reason,
        spans.days,
        spans.fixed_target_amount as fixed_of_spans,
        spans.variable_target_amount as variable_of_spans
    from pay
    left join spans on pay.period_start = spans.period_start and pay.employee_id = spans.employee_id
),

-- Spans are shown to six places, and each may be off by half of the last one.
wrong as (
    select * from joined
    where
        total_amount <> fixed_paid_amount + coalesce(performance_pay_amount, 0)
        or employed_days is distinct from days
        or employed_days > period_days
        or abs(fixed_target_amount - fixed_of_spans) > 0.000001 * (span_count + 1)
        or abs(variable_target_amount - variable_of_spans) > 0.000001 * (span_count + 1)
        or abs(fixed_paid_amount - fixed_target_amount) > 0.005001
        or abs(target_amount - fixed_target_amount - variable_target_amount) > 0.000002
        or (status = 'paid') <> (performance_pay_amount is not null)
        or (status in ('paid', 'waiting')) <> (fixed_paid_amount is not null)
        or (status = 'paid') <> (status_reason is null)
)

select * from wrong
