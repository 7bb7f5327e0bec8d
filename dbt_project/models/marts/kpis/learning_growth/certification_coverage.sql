-- One row per month's last day and employee: certificates held over those that the role asks for. About one employee each.
with

employees as (
    select * from {{ ref('dim_employees') }}
),

certifications as (
    select * from {{ ref('fct_certifications') }}
),

recorded as (
    select min(awarded_on) as first_recorded_on from certifications
),

month_ends as (
    select max(date_on) as date_on
    from {{ ref('dim_dates') }}
    group by month_start
    having {{ happened_by_as_of('max(date_on)', 'date') }}
),

-- A level, not a flow: taken once a month, from the catalogue's row on. Before the first award nobody kept records.
days as (
    select month_ends.date_on as measured_on
    from month_ends
    inner join recorded on month_ends.date_on >= recorded.first_recorded_on
    inner join {{ ref('kpi_catalog') }} as catalog
        on
            catalog.kpi_id = 'certification_coverage'
            and month_ends.date_on >= catalog.valid_from
            and (catalog.valid_to is null or month_ends.date_on < catalog.valid_to)
),

required as (
    select
        days.measured_on,
        employees.employee_id,
        role_certificates.certificate
    from days
    inner join employees
        on
            days.measured_on >= employees.valid_from
            and (employees.valid_to is null or days.measured_on < employees.valid_to)
    inner join {{ ref('role_certificates') }} as role_certificates
        on
            employees.role_id = role_certificates.role_id
            and days.measured_on >= role_certificates.valid_from
            and (role_certificates.valid_to is null or days.measured_on < role_certificates.valid_to)
),

-- Two awards of one certificate that overlap are held once.
held as (
    select
        required.measured_on,
        required.employee_id,
        required.certificate,
        max(case when certifications.certification_id is null then 0 else 1 end) as is_held
    from required
    left join certifications
        on
            required.employee_id = certifications.employee_id
            and required.certificate = certifications.certificate
            and required.measured_on >= certifications.awarded_on
            and (certifications.expires_on is null or required.measured_on < certifications.expires_on)
    group by required.measured_on, required.employee_id, required.certificate
),

summed as (
    select
        measured_on,
        'employee' as dimension,
        employee_id as dimension_value,
        cast(sum(is_held) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from held
    group by measured_on, employee_id
)

select * from summed
