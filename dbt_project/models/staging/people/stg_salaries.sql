with

newest as (
    {{ newest_version('salaries') }}
),

typed as (
    select
        cast(employee_id as string) as employee_id,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        cast(fixed_amount as decimal(18, 2)) as fixed_amount,
        cast(variable_amount as decimal(18, 2)) as variable_amount,
        cast(currency as string) as currency,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
