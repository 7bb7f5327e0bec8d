-- One row per certificate awarded to an employee. A renewal is a row of its own; spans of one certificate may overlap.
with

certifications as (
    select * from {{ ref('stg_certifications') }}
),

described as (
    select
        certification_id,
        employee_id,
        certificate,
        awarded_on,
        expires_on
    from certifications
    where expires_on is null or expires_on > awarded_on
)

select * from described
