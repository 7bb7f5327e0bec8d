-- Small teams are merged, never dropped: the answers of a closed wave are as many in the fact as came in time.
with

given as (
    select
        wave,
        count(*) as answer_count
    from {{ ref('stg_pulse_surveys') }}
    where responded_on <= closes_on and {{ happened_by_as_of('closes_on + 1', 'date') }}
    group by wave
),

counted as (
    select
        wave,
        sum(answer_count) as answer_count
    from {{ ref('fct_pulse_surveys') }}
    group by wave
),

apart as (
    select
        coalesce(given.wave, counted.wave) as wave,
        given.answer_count as answers_given,
        counted.answer_count as answers_counted
    from given
    full outer join counted on given.wave = counted.wave
    where given.answer_count is distinct from counted.answer_count
)

select * from apart
