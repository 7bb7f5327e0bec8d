-- A score in no band, or in two, has no coefficient that anybody can name; a jump that nobody agreed to is a cliff.
with

bands as (
    select
        bonus_rule_id,
        band,
        score_from,
        score_to,
        coefficient_from,
        coefficient_to,
        is_cliff,
        lag(score_to) over span as below_to,
        lag(coefficient_to) over span as below_coefficient,
        row_number() over span as place,
        count(*) over (partition by bonus_rule_id) as band_count
    from {{ ref('bonus_bands') }}
    window span as (partition by bonus_rule_id order by score_from nulls first)
),

-- A band without an end has no slope; more score never pays less.
wrong as (
    select * from bands
    where
        score_from >= score_to
        or band <> place
        or (place = 1 and score_from is not null)
        or (place > 1 and score_from is distinct from below_to)
        or (place = band_count and score_to is not null)
        or (place < band_count and score_to is null)
        or ((score_from is null or score_to is null) and coefficient_from <> coefficient_to)
        or coefficient_from < 0
        or coefficient_to < coefficient_from
        or coefficient_from < below_coefficient
        or (coefficient_from <> below_coefficient and not is_cliff)
)

select * from wrong
