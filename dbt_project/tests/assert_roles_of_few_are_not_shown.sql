-- A role with fewer than five holders is a list of people, and kpi_values is published to everyone.
with

few as (
    select
        period_grain,
        period_start,
        owner_id,
        kpi_id,
        employee_count
    from {{ ref('kpi_values') }}
    where owner_kind = 'role' and employee_count < 5
)

select * from few
