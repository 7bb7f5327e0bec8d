-- One row per closed wave and team with enough answers; those of smaller teams together on (none). Counts add up over
-- waves and teams; NULL where even they are too few to hide who answered.
with

-- Before its last day is over a wave shows nothing: a number that moves by one answer tells that answer.
answers as (
    select
        wave,
        max(closes_on) over (partition by wave) as closes_on,
        coalesce(team_id, '(none)') as team_id,
        score
    from {{ ref('stg_pulse_surveys') }}
    where responded_on <= closes_on and {{ happened_by_as_of('closes_on + 1', 'date') }}
),

scales as (
    select satisfied_from from {{ ref('survey_scales') }}
    where survey_kind = 'pulse'
),

minimums as (
    select
        cast(parameter as bigint) as fewest_answers,
        valid_from,
        valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id = 'pulse_engagement'
),

teams as (
    select
        answers.wave,
        answers.closes_on,
        answers.team_id,
        count(*) as answer_count,
        sum(case when answers.score >= scales.satisfied_from then 1 else 0 end) as favourable_count,
        sum(answers.score) as score_sum
    from answers
    cross join scales
    group by answers.wave, answers.closes_on, answers.team_id
),

judged as (
    select
        teams.wave,
        teams.closes_on,
        case
            when teams.answer_count >= minimums.fewest_answers then teams.team_id
            else '(none)'
        end as team_id,
        minimums.fewest_answers,
        teams.answer_count,
        teams.favourable_count,
        teams.score_sum
    from teams
    inner join minimums
        on
            teams.closes_on >= minimums.valid_from
            and (minimums.valid_to is null or teams.closes_on < minimums.valid_to)
),

merged as (
    select
        wave,
        closes_on,
        team_id,
        sum(answer_count) as answer_count,
        sum(favourable_count) as favourable_count,
        sum(score_sum) as score_sum,
        sum(answer_count) < max(fewest_answers) as is_withheld
    from judged
    group by wave, closes_on, team_id
),

withheld as (
    select
        wave,
        closes_on,
        team_id,
        cast(answer_count as bigint) as answer_count,
        cast(case when not is_withheld then favourable_count end as bigint) as favourable_count,
        cast(case when not is_withheld then score_sum end as decimal(18, 6)) as score_sum,
        is_withheld
    from merged
)

select * from withheld
