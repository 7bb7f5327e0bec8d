-- Grain: one row a period of any grain, employee, unit or role, and stretch of its days in one post or version of it.
with

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

owners as (
    select
        'employee' as owner_kind,
        employee_id as owner_id,
        role_id,
        team_id,
        valid_from,
        valid_to
    from {{ ref('dim_employees') }}
    union all
    select
        kind as owner_kind,
        org_unit_id as owner_id,
        null as role_id,
        case when kind = 'team' then org_unit_id end as team_id,
        valid_from,
        valid_to
    from {{ ref('org_units') }}
    union all
    select
        'role' as owner_kind,
        role_id as owner_id,
        role_id,
        null as team_id,
        valid_from,
        valid_to
    from {{ ref('roles') }}
),

segments as (
    select
        periods.period_grain,
        periods.period_start,
        periods.period_days,
        owners.owner_kind,
        owners.owner_id,
        owners.role_id,
        owners.team_id,
        greatest(periods.period_start, owners.valid_from) as segment_from,
        least(periods.elapsed_until, coalesce(owners.valid_to, periods.elapsed_until)) as segment_until
    from periods
    inner join owners
        on
            owners.valid_from < periods.elapsed_until
            and (owners.valid_to is null or owners.valid_to > periods.period_start)
)

select * from segments
