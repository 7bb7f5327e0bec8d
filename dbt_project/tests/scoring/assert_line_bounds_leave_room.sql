-- A line's own floor or cap takes the place of the curve's: a floor at or above the cap would give everybody one score.
with

lines as (
    select * from {{ ref('scorecard_lines') }}
),

curves as (
    select distinct
        curve_id,
        score_floor,
        score_cap
    from {{ ref('scoring_curves') }}
),

wrong as (
    select
        lines.scorecard_id,
        lines.kpi_id,
        coalesce(lines.score_floor, curves.score_floor) as score_floor,
        coalesce(lines.score_cap, curves.score_cap) as score_cap
    from lines
    inner join curves on lines.curve_id = curves.curve_id
    where coalesce(lines.score_floor, curves.score_floor) >= coalesce(lines.score_cap, curves.score_cap)
)

select * from wrong
