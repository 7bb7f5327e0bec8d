-- One row per day and employee: promotions on their day over employed years, a month's on its last day; from the
-- catalogue's row on, since people were employed long before anybody measured.
with

employees as (
    select * from {{ ref('dim_employees') }}
),

grades as (
    select
        role_id,
        grade,
        valid_from,
        valid_to
    from {{ ref('roles') }}
),

years as (
    select
        parameter as months_per_year,
        valid_from,
        valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id = 'internal_promotion_rate'
),

graded as (
    select
        employees.employee_id,
        employees.valid_from,
        employees.valid_to,
        grades.grade
    from employees
    left join grades
        on
            employees.role_id = grades.role_id
            and employees.valid_from >= grades.valid_from
            and (grades.valid_to is null or employees.valid_from < grades.valid_to)
),

followed as (
    select
        valid_to,
        employee_id,
        grade,
        lead(valid_from) over (partition by employee_id order by valid_from) as next_from,
        lead(grade) over (partition by employee_id order by valid_from) as next_grade
    from graded
),

month_ends as (
    select max(date_on) as date_on
    from {{ ref('dim_dates') }}
    group by month_start
    having {{ happened_by_as_of('max(date_on)', 'date') }}
),

-- Whoever left and came back in a higher role was hired, not promoted.
flows as (
    select
        next_from as measured_on,
        employee_id,
        1 as promotions,
        0 as months
    from followed
    where next_from = valid_to and next_grade > grade and {{ happened_by_as_of('next_from', 'date') }}
    union all
    select
        month_ends.date_on,
        employees.employee_id,
        0 as promotions,
        1 as months
    from month_ends
    inner join employees
        on
            month_ends.date_on >= employees.valid_from
            and (employees.valid_to is null or month_ends.date_on < employees.valid_to)
),

daily as (
    select
        measured_on,
        employee_id,
        sum(promotions) as promotions,
        sum(months) as months
    from flows
    group by measured_on, employee_id
),

summed as (
    select
        daily.measured_on,
        'employee' as dimension,
        daily.employee_id as dimension_value,
        cast(daily.promotions as decimal(28, 10)) as numerator,
        cast({{ divide('daily.months', 'years.months_per_year') }} as decimal(28, 10)) as denominator,
        cast(daily.months as bigint) as sample_size
    from daily
    inner join years
        on
            daily.measured_on >= years.valid_from
            and (years.valid_to is null or daily.measured_on < years.valid_to)
)

select * from summed
