-- Grain: one row a scored period, owner and stretch of days of it in one post; a unit has one stretch a version of its row.
with

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where is_scored
),

employees as (
    select * from {{ ref('dim_employees') }}
),

units as (
    select * from {{ ref('org_units') }}
),

companies as (
    select distinct org_unit_id as company_id from units
    where kind = 'company'
),

parents as (
    select distinct
        org_unit_id,
        kind
    from units
),

owners as (
    select
        'employee' as owner_kind,
        employee_id as owner_id,
        'role' as card_owner_kind,
        role_id as card_owner_id,
        role_id,
        team_id,
        case when department_id <> '(none)' then department_id end as department_id,
        valid_from,
        valid_to
    from employees
    union all
    select
        units.kind as owner_kind,
        units.org_unit_id as owner_id,
        units.kind as card_owner_kind,
        units.org_unit_id as card_owner_id,
        null as role_id,
        case when units.kind = 'team' then units.org_unit_id end as team_id,
        case
            when units.kind = 'department' then units.org_unit_id
            when units.kind = 'team' and parents.kind = 'department' then parents.org_unit_id
        end as department_id,
        units.valid_from,
        units.valid_to
    from units
    left join parents on units.parent_id = parents.org_unit_id
),

segments as (
    select
        periods.period_grain,
        periods.period_start,
        periods.period_days,
        owners.owner_kind,
        owners.owner_id,
        owners.card_owner_kind,
        owners.card_owner_id,
        owners.role_id,
        owners.team_id,
        owners.department_id,
        companies.company_id,
        greatest(periods.period_start, owners.valid_from) as segment_from,
        least(periods.elapsed_until, coalesce(owners.valid_to, periods.elapsed_until)) as segment_until
    from periods
    inner join owners
        on
            owners.valid_from < periods.elapsed_until
            and (owners.valid_to is null or owners.valid_to > periods.period_start)
    left join companies on true
)

select * from segments
