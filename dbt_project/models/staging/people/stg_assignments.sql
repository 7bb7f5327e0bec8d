with

newest as (
    {{ newest_version('assignments') }}
),

typed as (
    select
        cast(employee_id as string) as employee_id,
        cast(dimension as string) as dimension,
        cast(dimension_value as string) as dimension_value,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
