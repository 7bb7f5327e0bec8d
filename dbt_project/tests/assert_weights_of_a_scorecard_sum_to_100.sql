-- A scorecard that sums to 99 pays less than it says. Exactly 100 on each day on which any of its lines changes.
with

lines as (
    select * from {{ ref('scorecard_lines') }}
),

days as (
    select
        scorecard_id,
        owner_kind,
        owner_id,
        valid_from as changed_on
    from lines
    union
    select
        scorecard_id,
        owner_kind,
        owner_id,
        valid_to
    from lines
    where valid_to is not null
),

wrong as (
    select
        days.scorecard_id,
        days.owner_kind,
        days.owner_id,
        days.changed_on,
        sum(lines.weight) as weight
    from days
    inner join lines
        on
            days.scorecard_id = lines.scorecard_id
            and days.owner_kind = lines.owner_kind
            and days.owner_id = lines.owner_id
            and lines.valid_from <= days.changed_on
            and (lines.valid_to is null or lines.valid_to > days.changed_on)
    group by days.scorecard_id, days.owner_kind, days.owner_id, days.changed_on
    having sum(lines.weight) <> 100
)

select * from wrong
