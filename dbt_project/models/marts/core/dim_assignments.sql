-- One row per employee, value of a dimension and span of days in which the employee owns it. Spans of one value by one employee do not overlap.
with

assignments as (
    select * from {{ ref('stg_assignments') }}
),

spans as (
    select
        employee_id,
        dimension,
        dimension_value,
        valid_from,
        least(
            valid_to,
            lead(valid_from) over (partition by employee_id, dimension, dimension_value order by valid_from)
        ) as valid_to
    from assignments
),

held as (
    select
        employee_id,
        dimension,
        dimension_value,
        valid_from,
        valid_to
    from spans
    where valid_to is null or valid_to > valid_from
)

select * from held
