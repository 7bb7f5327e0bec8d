-- One row per quarter and manager who rated enough employees: measured and shown; nothing adds up.
with

measured as (
    select * from {{ ref('int_manager_leniency') }}
),

managers as (
    select
        employee_id,
        employee_name,
        employee_name_zh
    from {{ ref('dim_employees') }}
    qualify row_number() over (partition by employee_id order by valid_from desc) = 1
),

shown as (
    select
        measured.quarter_start as period_start,
        measured.manager_id,
        managers.employee_name as manager_name,
        managers.employee_name_zh as manager_name_zh,
        cast(measured.rating_count as bigint) as rating_count,
        cast(measured.compared_count as bigint) as compared_count,
        measured.mean_rating,
        measured.rating_spread,
        measured.mean_kpi_score,
        measured.leniency,
        measured.central_tendency,
        measured.leniency_correction = 'shift' and measured.leniency is not null as is_corrected
    from measured
    left join managers on measured.manager_id = managers.employee_id
)

select * from shown
