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

own_lines as (
    select
        owner_id as employee_id,
        valid_from,
        valid_to
    from {{ ref('scorecard_lines') }}
    where owner_kind = 'employee'
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

changes as (
    select
        employee_id,
        valid_from as changed_on
    from own_lines
    union
    select
        employee_id,
        valid_to
    from own_lines
    where valid_to is not null
),

-- A post is cut into stretches where a card of the employee's own begins, changes or ends.
starts as (
    select
        employee_id,
        valid_from,
        valid_from as starts_on
    from employees
    union
    select
        employees.employee_id,
        employees.valid_from,
        changes.changed_on as starts_on
    from employees
    inner join changes
        on
            employees.employee_id = changes.employee_id
            and employees.valid_from < changes.changed_on
            and (employees.valid_to is null or employees.valid_to > changes.changed_on)
),

carded as (
    select
        starts.employee_id,
        starts.valid_from,
        starts.starts_on,
        count(own_lines.employee_id) as own_line_count
    from starts
    left join own_lines
        on
            starts.employee_id = own_lines.employee_id
            and own_lines.valid_from <= starts.starts_on
            and (own_lines.valid_to is null or own_lines.valid_to > starts.starts_on)
    group by starts.employee_id, starts.valid_from, starts.starts_on
),

-- An employee's own card takes the place of the role's for the days on which it holds.
owners as (
    select
        'employee' as owner_kind,
        employees.employee_id as owner_id,
        case when carded.own_line_count > 0 then 'employee' else 'role' end as card_owner_kind,
        case
            when carded.own_line_count > 0 then employees.employee_id else employees.role_id
        end as card_owner_id,
        employees.role_id,
        employees.team_id,
        case when employees.department_id <> '(none)' then employees.department_id end as department_id,
        carded.starts_on as valid_from,
        coalesce(
            lead(carded.starts_on) over (
                partition by carded.employee_id, carded.valid_from order by carded.starts_on
            ),
            employees.valid_to
        ) as valid_to
    from carded
    inner join employees
        on carded.employee_id = employees.employee_id and carded.valid_from = employees.valid_from
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
