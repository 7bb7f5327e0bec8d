-- Grain: one row an employee's post and an owner it belongs to: the employee, its role, team, department, the company.
with

posts as (
    select
        employee_id,
        role_id,
        team_id,
        department_id,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('dim_employees') }}
),

units as (
    select distinct
        org_unit_id,
        kind
    from {{ ref('org_units') }}
),

memberships as (
    select
        employee_id,
        'employee' as owner_kind,
        employee_id as owner_id,
        valid_from,
        valid_to
    from posts
    union all
    select
        employee_id,
        'role' as owner_kind,
        role_id,
        valid_from,
        valid_to
    from posts
    union all
    select
        employee_id,
        'team' as owner_kind,
        team_id,
        valid_from,
        valid_to
    from posts
    union all
    -- A team right under the company has no department.
    select
        posts.employee_id,
        'department' as owner_kind,
        posts.department_id,
        posts.valid_from,
        posts.valid_to
    from posts
    inner join units on posts.department_id = units.org_unit_id and units.kind = 'department'
    union all
    select
        posts.employee_id,
        'company' as owner_kind,
        units.org_unit_id,
        posts.valid_from,
        posts.valid_to
    from posts
    cross join units
    where units.kind = 'company'
)

select * from memberships
