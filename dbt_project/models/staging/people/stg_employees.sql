with

newest as (
    {{ newest_version('employees') }}
),

typed as (
    select
        cast(employee_id as string) as employee_id,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        cast(employee_name as string) as employee_name,
        cast(employee_name_zh as string) as employee_name_zh,
        cast(email as string) as email,
        cast(team_id as string) as team_id,
        cast(role_id as string) as role_id,
        cast(manager_id as string) as manager_id,
        cast(hired_on as date) as hired_on,
        cast(left_on as date) as left_on,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
