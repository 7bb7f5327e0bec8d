-- Grain: one row a period, owner, scorecard, KPI and owner that it is measured for; an owner's weights sum to 100.
with

segments as (
    select * from {{ ref('int_scorecard_segments') }}
),

lines as (
    select * from {{ ref('scorecard_lines') }}
),

decided as (
    select * from {{ ref('int_scorecard_weights_approved') }}
),

-- A weight decided for the quarter takes the place of the rules' own; 0 takes the line out.
held as (
    select
        segments.period_grain,
        segments.period_start,
        segments.owner_kind,
        segments.owner_id,
        segments.role_id,
        segments.segment_from,
        lines.scorecard_id,
        lines.scorecard_kind,
        lines.kpi_id,
        case
            when lines.measured_for = 'own' then segments.owner_kind else lines.measured_for
        end as measured_owner_kind,
        -- An owner outside of any team or department has no such value: the line will be missing.
        coalesce(
            case lines.measured_for
                when 'own' then segments.owner_id
                when 'team' then segments.team_id
                when 'department' then segments.department_id
                when 'company' then segments.company_id
            end,
            '(none)'
        ) as measured_owner_id,
        lines.curve_id,
        lines.score_floor,
        lines.score_cap,
        lines.missing_policy,
        lines.small_sample_policy,
        lines.valid_from,
        coalesce(decided.weight, lines.weight) * {{ days_between(
            'greatest(segments.segment_from, lines.valid_from)',
            'least(segments.segment_until, coalesce(lines.valid_to, segments.segment_until))'
        ) }} as weight_days
    from segments
    inner join lines
        on
            segments.card_owner_kind = lines.owner_kind
            and segments.card_owner_id = lines.owner_id
            and lines.valid_from < segments.segment_until
            and (lines.valid_to is null or lines.valid_to > segments.segment_from)
    left join decided
        on
            decided.quarter_start = {{ period_start('quarter', 'segments.period_start') }}
            and segments.owner_kind = decided.owner_kind
            and segments.owner_id = decided.owner_id
            and lines.scorecard_id = decided.scorecard_id
            and lines.kpi_id = decided.kpi_id
            and lines.measured_for = decided.measured_for
    where decided.weight is null or decided.weight > 0
),

-- Where a line changed within the period, its newest rule holds for all of it; its weights by their days.
ranked as (
    select
        *,
        row_number() over (
            partition by
                period_grain, period_start, owner_kind, owner_id, scorecard_id, kpi_id, measured_owner_kind,
                measured_owner_id
            order by valid_from desc, segment_from desc
        ) = 1 as is_newest
    from held
),

summed as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        scorecard_id,
        kpi_id,
        measured_owner_kind,
        measured_owner_id,
        max(case when is_newest then role_id end) as role_id,
        max(case when is_newest then scorecard_kind end) as scorecard_kind,
        max(case when is_newest then curve_id end) as curve_id,
        max(case when is_newest then score_floor end) as score_floor,
        max(case when is_newest then score_cap end) as score_cap,
        max(case when is_newest then missing_policy end) as missing_policy,
        max(case when is_newest then small_sample_policy end) as small_sample_policy,
        sum(weight_days) as weight_days
    from ranked
    group by
        period_grain, period_start, owner_kind, owner_id, scorecard_id, kpi_id, measured_owner_kind,
        measured_owner_id
),

prorated as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        role_id,
        scorecard_id,
        kpi_id,
        measured_owner_kind,
        measured_owner_id,
        scorecard_kind,
        curve_id,
        score_floor,
        score_cap,
        missing_policy,
        small_sample_policy,
        100 * {{ divide(
            'weight_days',
            'sum(weight_days) over (partition by period_grain, period_start, owner_kind, owner_id)'
        ) }} as weight
    from summed
)

select * from prorated
