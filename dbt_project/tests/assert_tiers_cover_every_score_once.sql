-- A final score in no tier, or in two, is a question that no manager can answer.
with

tiers as (
    select * from {{ ref('performance_tiers') }}
),

neighbours as (
    select
        period_grain,
        valid_from,
        tier_id,
        score_from,
        score_to,
        lag(score_to) over span as below_to,
        lead(score_from) over span as above_from,
        row_number() over span as place,
        count(*) over (partition by period_grain, valid_from) as tier_count
    from tiers
    window span as (partition by period_grain, valid_from order by score_from nulls first)
),

wrong as (
    select * from neighbours
    where
        score_from >= score_to
        or (place = 1 and score_from is not null)
        or (place > 1 and score_from is distinct from below_to)
        or (place < tier_count and score_to is distinct from above_from)
        or (place = tier_count and score_to is not null)
)

select * from wrong
