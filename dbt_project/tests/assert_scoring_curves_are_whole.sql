-- Bands of a curve must touch, or an attainment falls between two; its kind, floor and cap are one.
with

bands as (
    select
        curve_id,
        curve_kind,
        band,
        attainment_from,
        attainment_to,
        lead(attainment_from) over (partition by curve_id order by band) as next_from,
        score_floor,
        score_cap,
        count(*) over (partition by curve_id) as band_count,
        min(score_floor) over (partition by curve_id) as floor_of_curve,
        max(score_cap) over (partition by curve_id) as cap_of_curve,
        min(curve_kind) over (partition by curve_id) as kind_of_curve
    from {{ ref('scoring_curves') }}
),

wrong as (
    select * from bands
    where
        attainment_from >= attainment_to
        or attainment_to <> next_from
        or score_floor >= score_cap
        or score_floor <> floor_of_curve
        or score_cap <> cap_of_curve
        or curve_kind <> kind_of_curve
        or (curve_kind not in ('piecewise', 'target_range') and band_count > 1)
)

select * from wrong
