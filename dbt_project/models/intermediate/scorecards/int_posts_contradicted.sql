-- Grain: one row a pair of rows of one employee, as the source's newest versions state them, that hold on one day.
with

-- Corrected versions are no contradiction; rows of one key, version and export are.
versions as (
    select
        employee_id,
        valid_from,
        valid_to,
        left_on,
        team_id,
        role_id,
        manager_id
    from {{ lake('employees') }}
    where _exported_at <= {{ known_until() }}
    qualify rank() over (
        partition by employee_id, valid_from order by updated_at desc nulls last, _exported_at desc
    ) = 1
),

declared as (
    select distinct
        employee_id,
        cast(valid_from as date) as valid_from,
        -- The days that the row itself claims; an open one claims no day on which a later row has begun.
        case
            when valid_to is not null then least(cast(valid_to as date), cast(left_on as date))
        end as valid_to,
        coalesce(team_id, '(none)') as team_id,
        coalesce(role_id, '(none)') as role_id,
        coalesce(manager_id, '(none)') as manager_id
    from versions
),

pairs as (
    select
        one.employee_id,
        one.valid_from as earlier_from,
        other.valid_from,
        least(one.valid_to, other.valid_to) as valid_to,
        one.team_id as earlier_team_id,
        other.team_id,
        one.role_id as earlier_role_id,
        other.role_id,
        one.manager_id as earlier_manager_id,
        other.manager_id
    from declared as one
    inner join declared as other on one.employee_id = other.employee_id
    where
        (one.valid_from < other.valid_from and one.valid_to > other.valid_from)
        or (
            one.valid_from = other.valid_from
            and one.team_id || '|' || one.role_id || '|' || one.manager_id
            < other.team_id || '|' || other.role_id || '|' || other.manager_id
        )
)

select * from pairs
