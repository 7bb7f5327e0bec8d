-- An employee can add up what is shown: lines and perspectives give the KPIs' total, objectives theirs, both by their
-- share the scorecard's, and that by its share with the rating the final score.
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
        scorecards.kpi_total,
        lines.total as total_of_lines,
        perspectives.total as total_of_perspectives,
        scorecards.scorecard_total,
        scorecards.final_score
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
        or (scorecards.kpi_total is null) <> (lines.total is null)
        or (scorecards.kpi_total is null) <> (perspectives.total is null)
        or abs(scorecards.kpi_total - lines.total) > 1e-9
        or abs(scorecards.kpi_total - perspectives.total) > 1e-9
        or (scorecards.okr_share > 0 and scorecards.okr_total is null and scorecards.final_score is not null)
        or abs(
            (1 - scorecards.okr_share) * scorecards.kpi_total
            + scorecards.okr_share * coalesce(scorecards.okr_total, 0) - scorecards.scorecard_total
        ) > 1e-9
        or abs(
            scorecards.kpi_okr_share * scorecards.scorecard_total
            + scorecards.review_share * coalesce(scorecards.weighted_rating, 0) - scorecards.final_score
        ) > 0.0050000001
)

select * from unexplained
