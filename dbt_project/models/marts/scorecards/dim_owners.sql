-- One row per role, team, department and company with its names; employees are in core.dim_employees.
with

units as (
    select * from {{ ref('org_units') }}
    where {{ happened_by_as_of('valid_from', 'date') }}
),

roles as (
    select * from {{ ref('roles') }}
    where {{ happened_by_as_of('valid_from', 'date') }}
),

owners as (
    select
        kind as owner_kind,
        org_unit_id as owner_id,
        parent_id,
        name,
        name_zh,
        valid_from
    from units
    union all
    select
        'role' as owner_kind,
        role_id,
        null as parent_id,
        name,
        name_zh,
        valid_from
    from roles
),

newest as (
    select
        owner_kind,
        owner_id,
        parent_id as parent_owner_id,
        name,
        name_zh
    from owners
    qualify row_number() over (partition by owner_kind, owner_id order by valid_from desc) = 1
)

select * from newest
