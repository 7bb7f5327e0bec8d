-- Grain: one row a rhythm and day on which it is held, up to as_of and the next one after.
with

rhythm as (
    select * from {{ ref('review_rhythm') }}
),

span as (
    select
        (select min(period_start) from {{ ref('int_kpi_periods') }}) as first_on,
        -- Far enough for the next one of any rhythm.
        {{ business_day(as_of()) }} + cast((
            select max(coalesce(every_n_weeks * 14, days_after_quarter + 100)) from rhythm
        ) as int) as last_on
),

days as (
    select {{ each_day('first_on', 'last_on') }} as day_on
    from span
    where first_on is not null
),

placed as (
    select
        day_on,
        {{ period_start('week', 'day_on') }} as week_start,
        {{ days_between(period_start('week', 'day_on'), 'day_on') }} + 1 as weekday,
        {{ days_between(period_start('quarter', 'day_on'), 'day_on') }} + 1 as day_of_quarter
    from days
),

due as (
    select distinct
        rhythm.rhythm_id,
        -- The business calendar: what falls on a weekend moves to the Monday after.
        case when placed.weekday >= 6 then placed.week_start + 7 else placed.day_on end as held_on
    from placed
    inner join rhythm
        on
            rhythm.valid_from <= placed.day_on
            and (rhythm.valid_to is null or rhythm.valid_to > placed.day_on)
    where
        placed.day_of_quarter = rhythm.days_after_quarter
        or (
            placed.day_on >= rhythm.anchor_on
            and {{ list_holds('rhythm.weekdays', 'cast(placed.weekday as string)') }}
            and mod(
                {{ days_between(period_start('week', 'rhythm.anchor_on'), 'placed.week_start') }},
                7 * rhythm.every_n_weeks
            ) = 0
        )
),

followed as (
    select
        rhythm_id,
        cast(held_on as date) as held_on,
        lag(held_on) over (partition by rhythm_id order by held_on) as previous_held_on,
        {{ happened_by_as_of('held_on', 'date') }} as is_held,
        -- The last day that is over when it is held, or at as_of.
        least(
            cast(held_on as date) - 1,
            cast({{ business_time(as_of()) }} - interval '1' microsecond as date)
        ) as through_on
    from due
),

kept as (
    select
        rhythm_id,
        held_on,
        cast(previous_held_on as date) as previous_held_on,
        is_held,
        through_on,
        {{ days_between('held_on', business_day(as_of())) }} as days_ago
    from followed
    qualify is_held or row_number() over (partition by rhythm_id, is_held order by held_on) = 1
)

select * from kept
