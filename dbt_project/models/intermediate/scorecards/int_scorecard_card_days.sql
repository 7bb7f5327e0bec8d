-- Grain: one row a period, owner, segment and kind of scorecard: how long it held, and how its final score is made.
with

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

segments as (
    select * from {{ ref('int_scorecard_segments') }}
),

lines as (
    select * from {{ ref('scorecard_lines') }}
),

review_weights as (
    select * from {{ ref('review_weights') }}
),

-- Lines of a card weigh 100 on each day: a hundredth of weight times days is the days of the card.
held as (
    select
        segments.period_grain,
        segments.period_start,
        segments.owner_kind,
        segments.owner_id,
        segments.segment_from,
        segments.team_id,
        segments.department_id,
        lines.scorecard_kind,
        sum(lines.weight * {{ days_between(
            'greatest(segments.segment_from, lines.valid_from)',
            'least(segments.segment_until, coalesce(lines.valid_to, segments.segment_until))'
        ) }}) as weight_days
    from segments
    inner join lines
        on
            segments.card_owner_kind = lines.owner_kind
            and segments.card_owner_id = lines.owner_id
            and lines.valid_from < segments.segment_until
            and (lines.valid_to is null or lines.valid_to > segments.segment_from)
    group by
        segments.period_grain, segments.period_start, segments.owner_kind, segments.owner_id,
        segments.segment_from, segments.team_id, segments.department_id, lines.scorecard_kind
),

-- The rule of the period's last day: the owner's kind comes before any, then the grain before both.
ruled as (
    select
        held.period_grain,
        held.period_start,
        held.owner_kind,
        held.owner_id,
        held.segment_from,
        held.team_id,
        held.department_id,
        held.scorecard_kind,
        held.weight_days,
        review_weights.okr_share,
        review_weights.kpi_okr_share,
        review_weights.review_share,
        review_weights.minimum_coverage
    from held
    inner join periods
        on held.period_grain = periods.period_grain and held.period_start = periods.period_start
    left join review_weights
        on
            held.scorecard_kind = review_weights.scorecard_kind
            and review_weights.owner_kind in (held.owner_kind, '*')
            and review_weights.period_grain in (held.period_grain, '*')
            and review_weights.valid_from < periods.elapsed_until
            and (review_weights.valid_to is null or review_weights.valid_to >= periods.elapsed_until)
    qualify row_number() over (
        partition by
            held.period_grain, held.period_start, held.owner_kind, held.owner_id, held.segment_from,
            held.scorecard_kind
        order by
            case when review_weights.owner_kind = '*' then 1 else 0 end,
            case when review_weights.period_grain = '*' then 1 else 0 end
    ) = 1
)

select * from ruled
