-- Grain: one row a scoring curve, with its bands as text.
with

bands as (
    select * from {{ ref('scoring_curves') }}
),

worded as (
    select
        curve_id,
        name,
        name_zh,
        curve_kind,
        band,
        score_floor,
        score_cap,
        {{ band_words('en') }} as band_words,
        {{ band_words('zh') }} as band_words_zh
    from bands
),

joined as (
    select
        curve_id,
        name as curve_name,
        name_zh as curve_name_zh,
        curve_kind,
        score_floor,
        score_cap,
        {{ ordered_text('band_words', 'band', '; ') }} as bands,
        {{ ordered_text('band_words_zh', 'band', '；') }} as bands_zh
    from worded
    group by curve_id, name, name_zh, curve_kind, score_floor, score_cap
)

select * from joined
