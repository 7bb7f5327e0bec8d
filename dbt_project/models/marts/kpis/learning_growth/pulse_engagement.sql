-- One row per wave's last day and team: favourable answers over answers; those of small teams together, or not at all.
with

waves as (
    select * from {{ ref('fct_pulse_surveys') }}
    where not is_withheld
),

summed as (
    select
        closes_on as measured_on,
        'team' as dimension,
        team_id as dimension_value,
        cast(sum(favourable_count) as decimal(28, 10)) as numerator,
        cast(sum(answer_count) as decimal(28, 10)) as denominator,
        cast(sum(answer_count) as bigint) as sample_size
    from waves
    group by closes_on, team_id
)

select * from summed
