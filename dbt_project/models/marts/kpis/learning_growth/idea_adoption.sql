-- One row per day of decision and employee: ideas adopted over ideas decided on. About one employee each.
with

ideas as (
    select * from {{ ref('fct_idea_submissions') }}
    where decided_on is not null and is_adopted is not null
),

summed as (
    select
        decided_on as measured_on,
        'employee' as dimension,
        employee_id as dimension_value,
        cast(sum(case when is_adopted then 1 else 0 end) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from ideas
    group by decided_on, employee_id
)

select * from summed
