-- Two scorecards of one role or unit on one day would each hold 100 of weight, and the second would halve the first.
with

lines as (
    select distinct
        scorecard_id,
        scorecard_kind,
        owner_kind,
        owner_id,
        valid_from,
        valid_to
    from {{ ref('scorecard_lines') }}
),

twice as (
    select
        one.owner_kind,
        one.owner_id,
        one.scorecard_id,
        other.scorecard_id as other_scorecard_id
    from lines as one
    inner join lines as other
        on
            one.owner_kind = other.owner_kind
            and one.owner_id = other.owner_id
            and (one.valid_to is null or other.valid_from < one.valid_to)
            and (other.valid_to is null or one.valid_from < other.valid_to)
    where one.scorecard_id <> other.scorecard_id or one.scorecard_kind <> other.scorecard_kind
)

select * from twice
