-- One row per objection of an employee to a quarter's review. A decision after as_of is still to come: pending.
with

objections as (
    select * from {{ ref('stg_review_objections') }}
),

known as (
    select
        objection_id,
        employee_id,
        {{ period_start('quarter', 'quarter_start') }} as quarter_start,
        raised_at,
        {{ business_day('raised_at') }} as raised_on,
        kpi_id,
        reason,
        decided_at is not null and decided_at > {{ as_of() }} as is_yet_to_come,
        outcome,
        decided_at,
        decided_by,
        correction
    from objections
),

decided as (
    select
        objection_id,
        employee_id,
        quarter_start,
        raised_at,
        raised_on,
        kpi_id,
        reason,
        case when is_yet_to_come then 'pending' else outcome end as outcome,
        case when not is_yet_to_come then decided_at end as decided_at,
        case when not is_yet_to_come then {{ business_day('decided_at') }} end as decided_on,
        case when not is_yet_to_come then decided_by end as decided_by,
        case when not is_yet_to_come then correction end as correction
    from known
)

select * from decided
