-- Grain: one row a decision for a quarter: what is to be said against it by itself, and its place among others of it.
with

decisions as (
    select
        decision_id,
        kind,
        {{ period_start('quarter', 'quarter_start') }} as quarter_start,
        kpi_id,
        case when kind = 'weight' then scorecard_id end as scorecard_id,
        case when kind = 'weight' then coalesce(shop_kind, '(all)') end as shop_kind,
        case when kind = 'weight' then measured_for end as measured_for,
        case when kind = 'weight' then weight end as weight,
        reason,
        -- A decision after as_of is still to come: until then it is only proposed.
        case when {{ until_as_of('decided_at') }} is not null then decided_by end as decided_by,
        {{ until_as_of('decided_at') }} as decided_at,
        case
            when {{ until_as_of('decided_at') }} is not null then {{ business_day('decided_at') }}
        end as decided_on,
        updated_at
    from {{ ref('stg_quarter_decisions') }}
),

ended as (
    select
        *,
        cast(quarter_start + interval '3' month as date) as next_quarter_start
    from decisions
),

kpis as (
    select distinct kpi_id from {{ ref('kpi_catalog') }}
),

lines as (
    select * from {{ ref('scorecard_lines') }}
),

cards as (
    select distinct
        scorecard_id,
        owner_kind,
        owner_id
    from lines
),

units as (
    select distinct
        org_unit_id,
        kind,
        parent_id
    from {{ ref('org_units') }}
),

posts as (
    select * from {{ ref('dim_employees') }}
),

roles as (
    select distinct
        role_id,
        role_family
    from {{ ref('roles') }}
),

policies as (
    select * from {{ ref('review_policies') }}
),

-- A card's department: the unit's own or the one above it; a role's or an employee's, where all its holders are of one.
card_departments as (
    select
        cards.scorecard_id,
        case when units.kind = 'department' then units.org_unit_id else units.parent_id end as department_id
    from cards
    inner join units on cards.owner_kind = units.kind and cards.owner_id = units.org_unit_id
    where cards.owner_kind in ('team', 'department')
    union all
    select
        cards.scorecard_id,
        max(posts.department_id) as department_id
    from cards
    inner join posts
        on
            (cards.owner_kind = 'role' and cards.owner_id = posts.role_id)
            or (cards.owner_kind = 'employee' and cards.owner_id = posts.employee_id)
    group by cards.scorecard_id
    having count(distinct posts.department_id) = 1
),

deciders as (
    select
        ended.decision_id,
        posts.department_id,
        roles.role_family
    from ended
    inner join posts
        on
            ended.decided_by = posts.employee_id
            and posts.valid_from <= ended.decided_on
            and (posts.valid_to is null or posts.valid_to > ended.decided_on)
    left join roles on posts.role_id = roles.role_id
),

known_lines as (
    select
        ended.decision_id,
        max(lines.owner_kind) as owner_kind,
        max(lines.owner_id) as owner_id
    from ended
    inner join lines
        on
            ended.scorecard_id = lines.scorecard_id
            and ended.kpi_id = lines.kpi_id
            and ended.measured_for = lines.measured_for
            and lines.valid_from <= ended.quarter_start
            and (lines.valid_to is null or lines.valid_to > ended.quarter_start)
    group by ended.decision_id
),

-- The company is steered by who leads it; a scorecard may be by who leads its department, too.
judged as (
    select
        ended.decision_id,
        ended.kind,
        ended.quarter_start,
        ended.next_quarter_start,
        ended.kpi_id,
        ended.scorecard_id,
        ended.shop_kind,
        ended.measured_for,
        ended.weight,
        known_lines.owner_kind,
        known_lines.owner_id,
        ended.reason,
        ended.decided_by,
        ended.decided_at,
        ended.updated_at,
        case
            when kpis.kpi_id is null then 'unknown_kpi'
            when ended.kind = 'weight' and (known_lines.decision_id is null or ended.weight is null)
                then 'unknown_line'
            when ended.decided_by is null then 'not_yet_decided'
            when
                not coalesce(
                    deciders.role_family = policies.approving_role_family
                    and (
                        deciders.department_id = '(none)'
                        or deciders.department_id = card_departments.department_id
                    ),
                    false
                )
                then 'decider_without_authority'
            when
                ended.decided_on >= ended.next_quarter_start
                and coalesce(policies.late_approvals, '') <> 'applied'
                then 'decided_after_close'
        end as finding
    from ended
    left join kpis on ended.kpi_id = kpis.kpi_id
    left join known_lines on ended.decision_id = known_lines.decision_id
    left join deciders on ended.decision_id = deciders.decision_id
    left join card_departments on ended.scorecard_id = card_departments.scorecard_id
    left join policies on {{ holds_before('policies', 'ended.next_quarter_start') }}
),

-- Of several that nothing speaks against, the newest counts.
ranked as (
    select
        decision_id,
        kind,
        quarter_start,
        kpi_id,
        scorecard_id,
        shop_kind,
        measured_for,
        weight,
        owner_kind,
        owner_id,
        reason,
        decided_by,
        decided_at,
        case
            when
                finding is null
                and row_number() over (
                    partition by kind, quarter_start, kpi_id, scorecard_id, shop_kind, measured_for, finding
                    order by decided_at desc, updated_at desc nulls last, decision_id desc
                ) > 1
                then 'superseded'
            else finding
        end as finding
    from judged
)

select * from ranked
