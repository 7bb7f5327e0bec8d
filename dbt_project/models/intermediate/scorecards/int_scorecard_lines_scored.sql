-- Grain: one row a prorated line, with its score and, where it has none, what was done about it.
with

lines as (
    select * from {{ ref('int_scorecard_lines_attained') }}
),

bands as (
    select * from {{ ref('int_scoring_bands') }}
),

bounds as (
    select distinct
        curve_id,
        score_floor,
        score_cap
    from bands
),

curved as (
    select
        lines.period_grain,
        lines.period_start,
        lines.owner_kind,
        lines.owner_id,
        lines.scorecard_id,
        lines.kpi_id,
        lines.measured_owner_kind,
        lines.measured_owner_id,
        lines.status,
        lines.missing_policy,
        lines.small_sample_policy,
        -- The line's own floor and cap come before the curve's.
        cast(coalesce(lines.score_floor, bounds.score_floor) as double) as score_floor,
        cast(coalesce(lines.score_cap, bounds.score_cap) as double) as score_cap,
        case
            when lines.status in ('scored', 'borrowed')
                then {{ curve_score(
                    'lines.attainment', score_floor='lines.score_floor', score_cap='lines.score_cap'
                ) }}
        end as curve_score
    from lines
    inner join bounds on lines.curve_id = bounds.curve_id
    left join bands on lines.curve_id = bands.curve_id and {{ band_holds('lines.attainment') }}
),

-- Nothing can be less than 0 where less is better: no ratio to the target, and yet the best. A negative value where
-- more is better has no ratio, either, and is the worst.
decided as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        scorecard_id,
        kpi_id,
        measured_owner_kind,
        measured_owner_id,
        score_floor,
        score_cap,
        case
            when status = 'zero_value' then score_cap
            when status = 'negative_value' then score_floor
            else curve_score
        end as score,
        -- Zero is for work not shown. A missing target or a sample too small is not the employee's doing: such a line
        -- waits.
        case
            when status in ('scored', 'borrowed', 'zero_value', 'negative_value') then 'none'
            when status = 'provisional' and small_sample_policy = 'wait' then 'wait'
            when missing_policy = 'zero' and status = 'missing_value' then 'zero'
            when missing_policy = 'redistribute' then 'redistribute'
            else 'wait'
        end as applied_policy
    from curved
),

scored as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        scorecard_id,
        kpi_id,
        measured_owner_kind,
        measured_owner_id,
        score_floor,
        score_cap,
        applied_policy,
        case when applied_policy = 'zero' then cast(0 as double) else score end as score
    from decided
)

select * from scored
