-- Grain: one row an owner, value of a dimension and unbroken stretch of days; stretches of one value never overlap.
with

memberships as (
    select * from {{ ref('int_owner_memberships') }}
    where owner_kind <> 'company'
),

assignments as (
    select * from {{ ref('dim_assignments') }}
),

-- A value counts for a team on the days on which its owner is a member, and not after the owner has left.
owned as (
    select
        memberships.owner_kind,
        memberships.owner_id,
        assignments.dimension,
        assignments.dimension_value,
        greatest(memberships.valid_from, assignments.valid_from) as valid_from,
        least(memberships.valid_to, coalesce(assignments.valid_to, memberships.valid_to)) as valid_to
    from memberships
    inner join assignments
        on
            memberships.employee_id = assignments.employee_id
            and assignments.valid_from < memberships.valid_to
            and (assignments.valid_to is null or assignments.valid_to > memberships.valid_from)
    union all
    select
        owner_kind,
        owner_id,
        'employee' as dimension,
        employee_id,
        valid_from,
        valid_to
    from memberships
    union all
    -- What is known of a team alone: the team's own and its department's.
    select
        units.owner_kind,
        units.owner_id,
        'team' as dimension,
        teams.owner_id as dimension_value,
        units.valid_from,
        units.valid_to
    from memberships as units
    inner join memberships as teams
        on
            units.employee_id = teams.employee_id
            and units.valid_from = teams.valid_from
            and teams.owner_kind = 'team'
    where units.owner_kind in ('team', 'department')
),

reached as (
    select
        owner_kind,
        owner_id,
        dimension,
        dimension_value,
        valid_from,
        valid_to,
        max(valid_to) over (
            partition by owner_kind, owner_id, dimension, dimension_value
            order by valid_from, valid_to
            rows between unbounded preceding and 1 preceding
        ) as reached_until
    from owned
),

stretches as (
    select
        owner_kind,
        owner_id,
        dimension,
        dimension_value,
        valid_from,
        valid_to,
        sum(case when valid_from <= reached_until then 0 else 1 end) over (
            partition by owner_kind, owner_id, dimension, dimension_value
            order by valid_from, valid_to
            rows between unbounded preceding and current row
        ) as stretch
    from reached
),

-- Two members who own one value on one day own it once.
merged as (
    select
        owner_kind,
        owner_id,
        dimension,
        dimension_value,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from stretches
    group by owner_kind, owner_id, dimension, dimension_value, stretch
)

select * from merged
