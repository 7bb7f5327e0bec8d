with

newest as (
    {{ newest_version('skill_assessments') }}
),

typed as (
    select
        cast(assessment_id as string) as assessment_id,
        cast(employee_id as string) as employee_id,
        cast(skill as string) as skill,
        cast(stage as string) as stage,
        cast(assessed_on as date) as assessed_on,
        cast(level as decimal(18, 6)) as level,
        cast(training_id as string) as training_id,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
