-- Grain: one row a proposed or approved target: what is to be said against it, and whether it holds.
with

approvals as (
    select
        approval_id,
        kpi_id,
        owner_kind,
        owner_id,
        period_grain,
        period_start,
        cast(
            period_start + case when period_grain = 'month' then 1 else 3 end * interval '1' month as date
        ) as next_period_start,
        target,
        red_flag,
        approved_by,
        approved_at,
        approved_on,
        comment,
        coalesce(approved_on, period_start) as judged_on,
        updated_at
    from {{ ref('fct_target_approvals') }}
),

kpis as (
    select distinct kpi_id from {{ ref('kpi_catalog') }}
),

units as (
    select distinct
        org_unit_id,
        kind,
        parent_id
    from {{ ref('org_units') }}
),

roles as (
    select distinct
        role_id,
        role_family
    from {{ ref('roles') }}
),

posts as (
    select * from {{ ref('dim_employees') }}
),

policies as (
    select * from {{ ref('review_policies') }}
),

ranges as (
    select * from {{ ref('int_target_ranges') }}
),

-- A team's department is the unit above it; a team right under the company, and the company, have none.
unit_owners as (
    select
        units.kind as owner_kind,
        units.org_unit_id as owner_id,
        max(case
            when units.kind = 'department' then units.org_unit_id
            when parents.kind = 'department' then parents.org_unit_id
        end) as department_id
    from units
    left join units as parents on units.parent_id = parents.org_unit_id
    group by units.kind, units.org_unit_id
    union all
    select distinct
        'role' as owner_kind,
        role_id as owner_id,
        cast(null as string) as department_id
    from roles
),

-- An employee's post is that of the day of approval, else the next one to come, else the last.
employee_owners as (
    select
        approvals.approval_id,
        posts.department_id,
        posts.manager_id
    from approvals
    inner join posts on approvals.owner_kind = 'employee' and approvals.owner_id = posts.employee_id
    qualify row_number() over (
        partition by approvals.approval_id
        order by
            case when posts.valid_from <= approvals.judged_on then 0 else 1 end,
            case when posts.valid_from <= approvals.judged_on then posts.valid_from end desc nulls last,
            posts.valid_from asc
    ) = 1
),

approvers as (
    select
        approvals.approval_id,
        posts.department_id,
        roles.role_family
    from approvals
    inner join posts
        on
            approvals.approved_by = posts.employee_id
            and posts.valid_from <= approvals.approved_on
            and (posts.valid_to is null or posts.valid_to > approvals.approved_on)
    left join roles on posts.role_id = roles.role_id
),

joined as (
    select
        approvals.approval_id,
        approvals.kpi_id,
        approvals.owner_kind,
        approvals.owner_id,
        approvals.period_grain,
        approvals.period_start,
        approvals.next_period_start,
        approvals.target,
        approvals.red_flag,
        approvals.approved_by,
        approvals.approved_at,
        approvals.approved_on,
        approvals.updated_at,
        -- A figure that nothing in the past is like may be meant; then somebody says so.
        coalesce(
            approvals.comment is null
            and (approvals.target < ranges.lowest_plausible or approvals.target > ranges.highest_plausible),
            false
        ) as is_implausible,
        kpis.kpi_id is not null as is_known_kpi,
        unit_owners.owner_id is not null or employee_owners.approval_id is not null as is_known_owner,
        approvals.approved_at is not null and approvals.approved_by is not null as is_approved,
        approvals.approved_on >= approvals.next_period_start as is_late,
        coalesce(policies.late_approvals, 'kept_out') as late_approvals,
        -- Nobody approves for themself. The owner's manager may; so may who leads the department, or all of them.
        coalesce(
            not (approvals.owner_kind = 'employee' and approvals.owner_id = approvals.approved_by)
            and (
                coalesce(employee_owners.manager_id = approvals.approved_by, false)
                or (
                    approvers.role_family = policies.approving_role_family
                    and (
                        approvers.department_id = '(none)'
                        or approvers.department_id = unit_owners.department_id
                        or approvers.department_id = employee_owners.department_id
                    )
                )
            ),
            false
        ) as has_authority
    from approvals
    left join kpis on approvals.kpi_id = kpis.kpi_id
    left join unit_owners
        on approvals.owner_kind = unit_owners.owner_kind and approvals.owner_id = unit_owners.owner_id
    left join employee_owners on approvals.approval_id = employee_owners.approval_id
    left join approvers on approvals.approval_id = approvers.approval_id
    left join ranges on approvals.approval_id = ranges.approval_id
    left join policies on {{ holds_before('policies', 'approvals.next_period_start') }}
),

eligible as (
    select
        approval_id,
        kpi_id,
        owner_kind,
        owner_id,
        period_grain,
        period_start,
        next_period_start,
        target,
        red_flag,
        approved_by,
        approved_at,
        approved_on,
        updated_at,
        is_known_kpi,
        is_known_owner,
        is_approved,
        has_authority,
        is_implausible,
        is_late,
        is_known_kpi and is_known_owner and is_approved and has_authority and not is_implausible
        and (not is_late or late_approvals = 'applied') as is_eligible,
        case
            when not (is_known_kpi and is_known_owner and is_approved and has_authority) or is_implausible
                then 'not_approved'
            when is_late then 'approved_late'
            else 'approved'
        end as approval_status
    from joined
),

-- Of several, the newest by its own instant of approval counts; none that counts says what the newest lacks.
ranked as (
    select
        approval_id,
        kpi_id,
        owner_kind,
        owner_id,
        period_grain,
        period_start,
        next_period_start,
        target,
        red_flag,
        approved_by,
        approved_at,
        approved_on,
        is_known_kpi,
        is_known_owner,
        is_approved,
        has_authority,
        is_implausible,
        coalesce(is_late, false) as is_late,
        coalesce(is_eligible, false) as is_eligible,
        approval_status,
        is_approved and min(target) over owner_period <> max(target) over owner_period as is_contested,
        row_number() over (
            partition by kpi_id, owner_kind, owner_id, period_grain, period_start
            order by
                case when is_eligible then 0 else 1 end,
                approved_at desc nulls last,
                updated_at desc nulls last,
                approval_id desc
        ) as place
    from eligible
    window owner_period as (
        partition by kpi_id, owner_kind, owner_id, period_grain, period_start, is_approved
    )
),

judged as (
    select
        approval_id,
        kpi_id,
        owner_kind,
        owner_id,
        period_grain,
        period_start,
        next_period_start,
        target,
        red_flag,
        approved_by,
        approved_at,
        approved_on,
        is_known_kpi,
        is_known_owner,
        is_approved,
        has_authority,
        is_implausible,
        is_late,
        is_contested,
        approval_status,
        is_eligible and place = 1 as is_in_force,
        place = 1 as is_deciding
    from ranked
)

select * from judged
