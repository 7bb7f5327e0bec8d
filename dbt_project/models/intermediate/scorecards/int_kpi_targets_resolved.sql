-- Grain: one row a period, measured owner and KPI that has a target, each by its days.
with

segments as (
    select * from {{ ref('int_owner_segments') }}
),

approvals as (
    select * from {{ ref('int_target_approvals_judged') }}
),

-- An approved target replaces that of the rules for the same owner, in its period.
targets as (
    select
        kpi_id,
        owner_kind,
        owner_id,
        period_grain,
        target,
        red_flag,
        valid_from,
        valid_to,
        1 as is_of_rules,
        cast(null as string) as approved_by,
        cast(null as timestamp) as approved_at,
        'seed' as approval_status
    from {{ ref('kpi_targets') }}
    union all
    select
        kpi_id,
        owner_kind,
        owner_id,
        period_grain,
        target,
        red_flag,
        period_start as valid_from,
        next_period_start as valid_to,
        0 as is_of_rules,
        approved_by,
        approved_at,
        approval_status
    from approvals
    where is_in_force
),

kinds as (
    select distinct
        kpi_id,
        kind
    from {{ ref('kpi_catalog') }}
),

-- Targets of scored lines, measured or not, and of all that is measured.
wanted as (
    select
        period_grain,
        period_start,
        measured_owner_kind as owner_kind,
        measured_owner_id as owner_id,
        kpi_id
    from {{ ref('int_scorecard_lines_prorated') }}
    union
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        kpi_id
    from {{ ref('kpi_values') }}
),

owner_days as (
    select
        wanted.period_grain,
        wanted.period_start,
        wanted.owner_kind,
        wanted.owner_id,
        wanted.kpi_id,
        kinds.kind,
        segments.period_days,
        segments.role_id,
        segments.team_id,
        segments.segment_from,
        segments.segment_until
    from wanted
    inner join kinds on wanted.kpi_id = kinds.kpi_id
    inner join segments
        on
            wanted.period_grain = segments.period_grain
            and wanted.period_start = segments.period_start
            and wanted.owner_kind = segments.owner_kind
            and wanted.owner_id = segments.owner_id
    -- A role's target is its holders': of a sum, not what they all should bring.
    where wanted.owner_kind <> 'role' or kinds.kind <> 'sum'
),

-- An employee without a target of their own takes their team's (of a rate: a team's sum is not a member's), then their
-- role's, then that of all employees; any owner at last the one for all owners.
candidates as (
    select
        owner_days.period_grain,
        owner_days.period_start,
        owner_days.owner_kind,
        owner_days.owner_id,
        owner_days.kpi_id,
        owner_days.kind,
        owner_days.period_days,
        owner_days.segment_from,
        targets.target,
        targets.red_flag,
        targets.is_of_rules,
        targets.approved_by,
        targets.approved_at,
        targets.approval_status,
        case
            when targets.owner_kind = owner_days.owner_kind and targets.owner_id = owner_days.owner_id then 1
            when targets.owner_kind = 'team' and owner_days.owner_kind = 'employee' then 2
            when targets.owner_kind = 'role' then 3
            when targets.owner_kind = owner_days.owner_kind then 4
            else 5
        end as distance,
        case when targets.period_grain = '*' then 1 else 0 end as is_any_grain,
        {{ days_between(
            'greatest(owner_days.segment_from, targets.valid_from)',
            'least(owner_days.segment_until, coalesce(targets.valid_to, owner_days.segment_until))'
        ) }} as days
    from owner_days
    inner join targets
        on
            owner_days.kpi_id = targets.kpi_id
            and targets.period_grain in (owner_days.period_grain, '*')
            and targets.valid_from < owner_days.segment_until
            and (targets.valid_to is null or targets.valid_to > owner_days.segment_from)
    where
        (targets.owner_kind = owner_days.owner_kind and targets.owner_id in (owner_days.owner_id, '*'))
        or targets.owner_kind = '*'
        or (targets.owner_kind = 'role' and targets.owner_id = owner_days.role_id)
        or (
            targets.owner_kind = 'team' and targets.owner_id = owner_days.team_id
            and owner_days.owner_kind = 'employee' and owner_days.kind <> 'sum'
        )
),

nearest as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        kpi_id,
        kind,
        period_days,
        target,
        red_flag,
        days,
        segment_from = max(segment_from) over (
            partition by period_grain, period_start, owner_kind, owner_id, kpi_id
        ) as is_of_last_days,
        approved_by,
        approved_at,
        approval_status
    from candidates
    qualify rank() over (
        partition by period_grain, period_start, owner_kind, owner_id, kpi_id, segment_from
        order by distance, is_of_rules, is_any_grain
    ) = 1
),

owned_days as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        sum({{ days_between('segment_from', 'segment_until') }}) as days
    from segments
    group by period_grain, period_start, owner_kind, owner_id
),

weighted as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        kpi_id,
        kind,
        period_days,
        sum(days) as days,
        sum(target * days) as target_days,
        case when count(red_flag) = count(*) then sum(red_flag * days) end as red_flag_days,
        -- Where it changed within the period, who approved the last one.
        max(case when is_of_last_days then approved_by end) as approved_by,
        max(case when is_of_last_days then approved_at end) as approved_at,
        max(case when is_of_last_days then approval_status end) as approval_status
    from nearest
    group by period_grain, period_start, owner_kind, owner_id, kpi_id, kind, period_days
),

-- A rate's target is the mean over the days that have one. A sum's is what the elapsed days should have brought: known
-- only where each of the owner's days has a target.
{% set per_days -%}
    case
        when weighted.kind <> 'sum' then weighted.days
        when weighted.days = owned_days.days then weighted.period_days
    end
{%- endset %}
resolved as (
    select
        weighted.period_grain,
        weighted.period_start,
        weighted.owner_kind,
        weighted.owner_id,
        weighted.kpi_id,
        {{ to_ten_places(divide('weighted.target_days', per_days)) }} as target,
        {{ to_ten_places(divide('weighted.red_flag_days', per_days)) }} as red_flag,
        {{ to_ten_places(divide('weighted.target_days', 'weighted.days')) }} as period_target,
        weighted.approved_by,
        weighted.approved_at,
        weighted.approval_status
    from weighted
    inner join owned_days
        on
            weighted.period_grain = owned_days.period_grain
            and weighted.period_start = owned_days.period_start
            and weighted.owner_kind = owned_days.owner_kind
            and weighted.owner_id = owned_days.owner_id
),

-- A target of the feed that does not hold is said where the owner's own target is shown.
approved as (
    select
        resolved.period_grain,
        resolved.period_start,
        resolved.owner_kind,
        resolved.owner_id,
        resolved.kpi_id,
        resolved.target,
        resolved.red_flag,
        resolved.period_target,
        case
            when approvals.approval_id is null then resolved.approved_by else approvals.approved_by
        end as approved_by,
        case
            when approvals.approval_id is null then resolved.approved_at else approvals.approved_at
        end as approved_at,
        coalesce(approvals.approval_status, resolved.approval_status) as approval_status
    from resolved
    left join approvals
        on
            approvals.is_deciding
            and resolved.period_grain = approvals.period_grain
            and resolved.period_start = approvals.period_start
            and resolved.owner_kind = approvals.owner_kind
            and resolved.owner_id = approvals.owner_id
            and resolved.kpi_id = approvals.kpi_id
)

select * from approved
