-- An owner can add up the objectives: key results give each score, and the contributions the total on the scorecard.
with

key_results as (
    select
        objective_id,
        sum(weight * score) / sum(weight) as score
    from {{ ref('okr_progress') }}
    where score is not null
    group by objective_id
),

objectives as (
    select * from {{ ref('okr_scores') }}
),

owners as (
    select
        period_start,
        owner_kind,
        owner_id,
        sum(contribution) as total
    from objectives
    group by period_start, owner_kind, owner_id
),

cards as (
    select * from {{ ref('scorecards') }}
    where period_grain = 'quarter' and okr_total is not null and owner_kind <> 'employee'
),

unexplained as (
    select
        objectives.objective_id as place,
        objectives.score as shown,
        key_results.score as explained
    from objectives
    left join key_results on objectives.objective_id = key_results.objective_id
    where
        (objectives.score is null) <> (key_results.score is null)
        or abs(objectives.score - key_results.score) > 1e-9
    union all
    select
        cards.owner_id as place,
        cards.okr_total as shown,
        owners.total as explained
    from cards
    inner join owners
        on
            cards.period_start = owners.period_start
            and cards.owner_kind = owners.owner_kind
            and cards.owner_id = owners.owner_id
    where abs(cards.okr_total - owners.total) > 1e-9
)

select * from unexplained
