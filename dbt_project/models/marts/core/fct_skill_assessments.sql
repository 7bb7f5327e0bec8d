-- One row per assessment of an employee's skill. Levels do not add up.
with

assessments as (
    select * from {{ ref('stg_skill_assessments') }}
),

described as (
    select
        assessment_id,
        employee_id,
        skill,
        stage,
        assessed_on,
        level,
        training_id
    from assessments
)

select * from described
