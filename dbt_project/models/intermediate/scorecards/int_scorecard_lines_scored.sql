-- Grain: one row a prorated line, with its score and, where it has none, what was done about it.
with

lines as (
    select * from {{ ref('int_scorecard_lines_attained') }}
),

bands as (
    select * from {{ ref('int_scoring_bands') }}
),

caps as (
    select distinct
        curve_id,
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
        case
            -- Nothing can be less than 0 where less is better: no ratio to the target, and yet the best.
            when lines.status = 'zero_value' then cast(caps.score_cap as double)
            when lines.status = 'scored' then round({{ clamp(
                '(bands.score_from + (lines.attainment - bands.attainment_from) * bands.slope)',
                'bands.score_floor',
                'bands.score_cap'
            ) }}, 9)
        end as score
    from lines
    inner join caps on lines.curve_id = caps.curve_id
    left join bands
        on
            lines.curve_id = bands.curve_id
            and (bands.holds_from is null or lines.attainment >= bands.holds_from)
            and (bands.holds_until is null or lines.attainment < bands.holds_until)
            and lines.attainment is not null
),

-- Zero is for work not shown. A missing target or a sample too small is not the employee's doing: such a line waits.
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
        score,
        case
            when score is not null then 'none'
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
        applied_policy,
        case when applied_policy = 'zero' then cast(0 as double) else score end as score
    from decided
)

select * from scored
