-- One row per completed training. Hours add up.
with

training_records as (
    select * from {{ ref('stg_training_records') }}
),

described as (
    select
        training_id,
        employee_id,
        coalesce(course, '(none)') as course,
        completed_on,
        hours
    from training_records
)

select * from described
