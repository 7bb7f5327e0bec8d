-- One row per idea that an employee handed in. Counts add up.
with

ideas as (
    select * from {{ ref('stg_idea_submissions') }}
),

described as (
    select
        idea_id,
        employee_id,
        coalesce(title, '(none)') as title,
        submitted_on,
        status,
        decided_on,
        case when status <> 'submitted' then status = 'adopted' end as is_adopted
    from ideas
)

select * from described
