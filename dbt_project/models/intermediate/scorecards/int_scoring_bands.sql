-- Grain: one row a band of a curve: a straight line and the attainments it holds for; the ends reach without bound.
with

curves as (
    select * from {{ ref('scoring_curves') }}
),

bands as (
    select
        curve_id,
        band,
        case when band > min(band) over (partition by curve_id) then attainment_from end as holds_from,
        case when band < max(band) over (partition by curve_id) then attainment_to end as holds_until,
        attainment_from,
        score_from,
        {{ divide('score_to - score_from', 'attainment_to - attainment_from') }} as slope,
        score_floor,
        score_cap
    from curves
)

select * from bands
