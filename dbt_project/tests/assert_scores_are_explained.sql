-- An employee can add up what is shown: lines give the perspectives' contributions, and both give the total.
with

lines as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        sum(contribution) as total
    from {{ ref('kpi_scores') }}
    group by period_grain, period_start, owner_kind, owner_id
),

perspectives as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        sum(contribution) as total
    from {{ ref('perspective_scores') }}
    group by period_grain, period_start, owner_kind, owner_id
),

scorecards as (
    select * from {{ ref('scorecards') }}
),

unexplained as (
    select
        scorecards.period_grain,
        scorecards.period_start,
        scorecards.owner_kind,
        scorecards.owner_id,
        scorecards.scorecard_total,
        lines.total as total_of_lines,
        perspectives.total as total_of_perspectives
    from scorecards
    full outer join lines
        on
            scorecards.period_grain = lines.period_grain
            and scorecards.period_start = lines.period_start
            and scorecards.owner_kind = lines.owner_kind
            and scorecards.owner_id = lines.owner_id
    left join perspectives
        on
            scorecards.period_grain = perspectives.period_grain
            and scorecards.period_start = perspectives.period_start
            and scorecards.owner_kind = perspectives.owner_kind
            and scorecards.owner_id = perspectives.owner_id
    where
        scorecards.owner_id is null
        or (scorecards.scorecard_total is null) <> (lines.total is null)
        or (scorecards.scorecard_total is null) <> (perspectives.total is null)
        or abs(scorecards.scorecard_total - lines.total) > 1e-9
        or abs(scorecards.scorecard_total - perspectives.total) > 1e-9
        or abs(scorecards.final_score - scorecards.scorecard_total) > 0.0050000001
)

select * from unexplained
