-- One row per day and author: articles published; and a month's last day for all, that who wrote none has 0. About one
-- employee each.
with

articles as (
    select * from {{ ref('fct_knowledge_articles') }}
),

employees as (
    select * from {{ ref('dim_employees') }}
),

recorded as (
    select min(published_on) as first_recorded_on from articles
),

-- Before the first article of all there was no knowledge base to write for.
month_ends as (
    select max(dates.date_on) as date_on
    from {{ ref('dim_dates') }} as dates
    cross join recorded
    group by dates.month_start, recorded.first_recorded_on
    having
        max(dates.date_on) >= recorded.first_recorded_on
        and {{ happened_by_as_of('max(dates.date_on)', 'date') }}
),

flows as (
    select
        published_on as measured_on,
        employee_id,
        1 as articles,
        0 as months
    from articles
    union all
    select
        month_ends.date_on,
        employees.employee_id,
        0 as articles,
        1 as months
    from month_ends
    inner join employees
        on
            month_ends.date_on >= employees.valid_from
            and (employees.valid_to is null or month_ends.date_on < employees.valid_to)
),

summed as (
    select
        measured_on,
        'employee' as dimension,
        employee_id as dimension_value,
        cast(sum(articles) as decimal(28, 10)) as numerator,
        cast(null as decimal(28, 10)) as denominator,
        cast(sum(months) as bigint) as sample_size
    from flows
    group by measured_on, employee_id
)

select * from summed
