-- Weights of the required ratings that sum to more or less than 1, or an optional one that takes more than is there, would move every final score.
with

weights as (
    select * from {{ ref('rater_weights') }}
),

days as (
    select distinct
        scorecard_kind,
        valid_from as day_on
    from weights
    union
    select distinct
        scorecard_kind,
        valid_to as day_on
    from weights
    where valid_to is not null
),

held as (
    select
        days.scorecard_kind,
        days.day_on,
        weights.rater_kind,
        weights.weight,
        weights.is_required,
        weights.taken_from
    from days
    inner join weights
        on
            days.scorecard_kind = weights.scorecard_kind
            and weights.valid_from <= days.day_on
            and (weights.valid_to is null or weights.valid_to > days.day_on)
),

sums as (
    select
        scorecard_kind,
        day_on,
        'required weights sum to ' || cast(sum(case when is_required then weight else 0 end) as string)
            as what_is_wrong
    from held
    group by scorecard_kind, day_on
    having sum(case when is_required then weight else 0 end) <> 1
),

takes as (
    select
        optional.scorecard_kind,
        optional.day_on,
        optional.rater_kind || ' takes its weight from ' || coalesce(optional.taken_from, 'nobody')
            as what_is_wrong
    from held as optional
    left join held as giver
        on
            optional.scorecard_kind = giver.scorecard_kind
            and optional.day_on = giver.day_on
            and optional.taken_from = giver.rater_kind
            and giver.is_required
    where
        (not optional.is_required and optional.taken_from is null)
        or (not optional.is_required and optional.taken_from <> '*' and giver.rater_kind is null)
        or (not optional.is_required and optional.weight > coalesce(giver.weight, 1))
        or (optional.is_required and optional.taken_from is not null)
        or optional.weight < 0
),

wrong as (
    select * from sums
    union all
    select * from takes
)

select * from wrong
