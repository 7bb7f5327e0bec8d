-- What DuckDB makes of 0/0, of NULL between greatest and least, and of a half cent changes people's pay:
-- each line is a trap with the value that the macro must give; the rows returned are those it got wrong.
with

pairs as (
    select
        1.0 as numerator,
        0.0 as denominator,
        cast(null as double) as nothing,
        150.0 as above,
        -3.0 as below
),

instants as (
    select
        timestamp '2026-01-01 12:00:00' as noon,
        timestamp '2026-01-01 13:30:00.5' as later
),

lists as (
    select
        'visit|ad_click' as kinds,
        '*' as everything
),

traps as (
    select
        'divide by zero is NULL' as trap,
        {{ divide('numerator', 'denominator') }} is null as holds
    from pairs
    union all
    select
        'zero by zero is NULL' as trap,
        {{ divide('denominator', 'denominator') }} is null as holds
    from pairs
    union all
    select
        'divide by NULL is NULL' as trap,
        {{ divide('numerator', 'nothing') }} is null as holds
    from pairs
    union all
    select
        'whole numbers divide as doubles' as trap,
        {{ divide('1', '4') }} = 0.25 as holds
    from pairs
    union all
    select
        'clamp keeps NULL' as trap,
        {{ clamp('nothing', '0', '100') }} is null as holds
    from pairs
    union all
    select
        'clamp caps' as trap,
        {{ clamp('above', '0', '100') }} = 100 as holds
    from pairs
    union all
    select
        'clamp floors' as trap,
        {{ clamp('below', '0', '100') }} = 0 as holds
    from pairs
    union all
    select
        'clamp leaves what is within' as trap,
        {{ clamp('numerator', '0', '100') }} = 1 as holds
    from pairs
    union all
    select
        'clamp of a division by zero is NULL' as trap,
        {{ clamp(divide('denominator', 'denominator'), '0', '100') }} is null as holds
    from pairs
    union all
    select
        'a half cent goes away from zero' as trap,
        {{ round_money('1.005') }} = 1.01 and {{ round_money('-1.005') }} = -1.01 as holds
    from pairs
    union all
    select
        'a half cent of a double does, too' as trap,
        {{ round_money('cast(1.005 as double)') }} = 1.01 as holds
    from pairs
    union all
    select
        'NULL is not rounded to 0' as trap,
        {{ round_money('nothing') }} is null as holds
    from pairs
    union all
    select
        'six digits' as trap,
        {{ round_money('1.2345675', 6) }} = 1.234568 as holds
    from pairs
    union all
    select
        'seconds count fractions and go both ways' as trap,
        {{ seconds_between('instants.noon', 'instants.later') }} = 5400.5
        and {{ seconds_between('instants.later', 'instants.noon') }} = -5400.5 as holds
    from instants
    union all
    select
        'hours are not whole' as trap,
        {{ hours_between('instants.noon', 'instants.later') }} > 1.5 as holds
    from instants
    union all
    select
        'a pattern matches the whole text' as trap,
        {{ regexp_full_match("'google'", "'goog.*'") }}
        and not {{ regexp_full_match("'google'", "'goog'") }} as holds
    from pairs
    union all
    select
        'a list holds whole members only' as trap,
        {{ list_holds('lists.kinds', "'ad_click'") }}
        and not {{ list_holds('lists.kinds', "'click'") }}
        and not {{ list_holds('lists.kinds', "'ad.click'") }} as holds
    from lists
    union all
    select
        'the list of all holds any' as trap,
        {{ list_holds('lists.everything', "'click'") }} as holds
    from lists
    union all
    select
        'NULL and the empty text hash apart' as trap,
        {{ row_hash(["cast(null as string)", "'a'"]) }} <> {{ row_hash(["''", "'a'"]) }} as holds
    from pairs
    union all
    select
        'a hash keeps its columns apart' as trap,
        {{ row_hash(["'a'", "'b|=c'"]) }} <> {{ row_hash(["'a|=b'", "'c'"]) }} as holds
    from pairs
),

wrong as (
    select trap
    from traps
    where holds is not true
)

select * from wrong
