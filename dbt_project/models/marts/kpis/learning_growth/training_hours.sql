-- One row per day and employee: hours of training over the part of a year that the day is. About one employee each.
with

employees as (
    select
        employee_id,
        valid_from,
        valid_to
    from {{ ref('int_owner_memberships') }}
    where owner_kind = 'employee'
),

training as (
    select * from {{ ref('fct_training') }}
),

recorded as (
    select min(completed_on) as first_recorded_on from training
),

-- Days before the first record of all say nothing about training: nobody kept records.
days as (
    select dates.date_on
    from {{ ref('dim_dates') }} as dates
    inner join recorded on dates.date_on >= recorded.first_recorded_on
    where {{ happened_by_as_of('dates.date_on', 'date') }}
),

years as (
    select
        parameter as days_per_year,
        valid_from,
        valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id = 'training_hours'
),

flows as (
    select
        days.date_on as measured_on,
        employees.employee_id,
        0 as hours,
        1 as days_employed
    from days
    inner join employees on days.date_on >= employees.valid_from and days.date_on < employees.valid_to
    union all
    select
        completed_on,
        employee_id,
        hours,
        0 as days_employed
    from training
),

daily as (
    select
        measured_on,
        employee_id,
        sum(hours) as hours,
        sum(days_employed) as days_employed
    from flows
    group by measured_on, employee_id
),

summed as (
    select
        daily.measured_on,
        'employee' as dimension,
        daily.employee_id as dimension_value,
        cast(daily.hours as decimal(28, 10)) as numerator,
        cast({{ divide('daily.days_employed', 'years.days_per_year') }} as decimal(28, 10)) as denominator,
        cast(daily.days_employed as bigint) as sample_size
    from daily
    inner join years
        on
            daily.measured_on >= years.valid_from
            and (years.valid_to is null or daily.measured_on < years.valid_to)
)

select * from summed
