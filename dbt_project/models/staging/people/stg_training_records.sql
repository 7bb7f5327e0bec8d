with

newest as (
    {{ newest_version('training_records') }}
),

typed as (
    select
        cast(training_id as string) as training_id,
        cast(employee_id as string) as employee_id,
        cast(course as string) as course,
        cast(completed_on as date) as completed_on,
        cast(hours as decimal(18, 6)) as hours,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
