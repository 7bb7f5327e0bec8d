-- A target or a scorecard for a role or unit that nobody declared would silently be no rule at all.
with

owners as (
    select
        kind as owner_kind,
        org_unit_id as owner_id
    from {{ ref('org_units') }}
    union
    select
        'role' as owner_kind,
        role_id
    from {{ ref('roles') }}
),

rules as (
    select
        'scorecard_lines' as place,
        owner_kind,
        owner_id
    from {{ ref('scorecard_lines') }}
    where owner_kind <> 'employee'
    union
    select
        'okr_objectives' as place,
        owner_kind,
        owner_id
    from {{ ref('okr_objectives') }}
    where owner_kind <> 'employee'
    union
    select
        'kpi_targets' as place,
        owner_kind,
        owner_id
    from {{ ref('kpi_targets') }}
    where owner_id <> '*' and owner_kind <> 'employee'
),

unknown as (
    select
        rules.place,
        rules.owner_kind,
        rules.owner_id
    from rules
    left join owners on rules.owner_kind = owners.owner_kind and rules.owner_id = owners.owner_id
    where owners.owner_id is null
)

select * from unknown
