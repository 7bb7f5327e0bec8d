with

newest as (
    {{ newest_version('certifications') }}
),

typed as (
    select
        cast(certification_id as string) as certification_id,
        cast(employee_id as string) as employee_id,
        cast(certificate as string) as certificate,
        cast(awarded_on as date) as awarded_on,
        cast(expires_on as date) as expires_on,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
