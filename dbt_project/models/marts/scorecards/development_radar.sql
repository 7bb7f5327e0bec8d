-- One row per quarter, employee and axis (a KPI or a perspective), 0 to 100, outward always better. Nothing adds up.
with

lines as (
    select * from {{ ref('int_explained_lines') }}
),

bands as (
    select * from {{ ref('int_scoring_bands') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

roles as (
    select
        period_start,
        owner_id as employee_id,
        role_id
    from {{ ref('scorecards') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

-- A score knows whether more or less is better; its place between the line's floor and cap does so, too.
placed as (
    select
        lines.period_start,
        lines.employee_id,
        lines.kpi_id,
        lines.perspective,
        lines.name,
        lines.name_zh,
        case when lines.score is not null then lines.weight end as weight,
        lines.weight as target_weight,
        {{ clamp(
            '100 * ' ~ divide('lines.score - lines.score_floor', 'lines.score_cap - lines.score_floor'), 0, 100
        ) }} as outward,
        {{ clamp(
            '100 * ' ~ divide(
                'bands.score_from + (1 - bands.attainment_from) * bands.slope - lines.score_floor',
                'lines.score_cap - lines.score_floor'
            ), 0, 100
        ) }} as target_outward
    from lines
    inner join bands
        on
            lines.curve_id = bands.curve_id
            and (bands.holds_from is null or bands.holds_from <= 1)
            and (bands.holds_until is null or bands.holds_until > 1)
),

axes as (
    select
        period_start,
        employee_id,
        'kpi' as axis_kind,
        kpi_id as axis_id,
        name as axis_name,
        name_zh as axis_name_zh,
        weight,
        target_weight,
        outward,
        target_outward
    from placed
    union all
    select
        period_start,
        employee_id,
        'perspective' as axis_kind,
        perspective as axis_id,
        {{ perspective_name('perspective', 'en') }} as axis_name,
        {{ perspective_name('perspective', 'zh') }} as axis_name_zh,
        weight,
        target_weight,
        outward,
        target_outward
    from placed
),

averaged as (
    select
        period_start,
        employee_id,
        axis_kind,
        axis_id,
        axis_name,
        axis_name_zh,
        {{ divide(exact_sum('outward * weight'), exact_sum('weight')) }} as outward,
        {{ divide(
            exact_sum('target_outward * target_weight'), exact_sum('target_weight')
        ) }} as target_outward
    from axes
    group by period_start, employee_id, axis_kind, axis_id, axis_name, axis_name_zh
),

-- Of fewer peers, the employee not counted, a mean would tell of persons.
peers as (
    select
        averaged.period_start,
        roles.role_id,
        averaged.axis_kind,
        averaged.axis_id,
        {{ divide(exact_sum('averaged.outward'), 'count(averaged.outward)') }} as peer_outward
    from averaged
    inner join roles
        on averaged.period_start = roles.period_start and averaged.employee_id = roles.employee_id
    group by averaged.period_start, roles.role_id, averaged.axis_kind, averaged.axis_id
    having count(averaged.outward) > {{ var('minimum_peers') }}
),

compared as (
    select
        cast('quarter' as string) as period_grain,
        averaged.period_start,
        periods.is_closed,
        averaged.employee_id,
        averaged.axis_kind,
        averaged.axis_id,
        averaged.axis_name,
        averaged.axis_name_zh,
        averaged.outward,
        before.outward as previous_outward,
        averaged.target_outward,
        peers.peer_outward
    from averaged
    inner join periods on averaged.period_start = periods.period_start
    left join roles
        on averaged.period_start = roles.period_start and averaged.employee_id = roles.employee_id
    left join periods as periods_before on averaged.period_start = periods_before.next_period_start
    left join averaged as before
        on
            periods_before.period_start = before.period_start
            and averaged.employee_id = before.employee_id
            and averaged.axis_kind = before.axis_kind
            and averaged.axis_id = before.axis_id
    left join peers
        on
            averaged.period_start = peers.period_start
            and roles.role_id = peers.role_id
            and averaged.axis_kind = peers.axis_kind
            and averaged.axis_id = peers.axis_id
)

select * from compared
