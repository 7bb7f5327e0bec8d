-- One row per rhythm and day on which it is held, up to as_of and the next one after. Nothing adds up.
with

dates as (
    select * from {{ ref('int_rhythm_dates') }}
),

rhythm as (
    select * from {{ ref('review_rhythm') }}
),

named as (
    select
        dates.rhythm_id,
        rhythm.name,
        rhythm.name_zh,
        dates.held_on,
        dates.previous_held_on,
        dates.through_on,
        dates.is_held
    from dates
    -- A day that moved to a Monday may have outlived its rule: the name is that of the rule it came from.
    inner join rhythm on dates.rhythm_id = rhythm.rhythm_id and rhythm.valid_from <= dates.held_on
    qualify row_number() over (
        partition by dates.rhythm_id, dates.held_on order by rhythm.valid_from desc
    ) = 1
)

select * from named
