-- Weights that sum to 99 would pay less than they say: key results of an objective make 100, and so do the objectives
-- of an owner and quarter. An objective without key results would be in the total and in no check-in.
with

objectives as (
    select * from {{ ref('okr_objectives') }}
),

key_results as (
    select * from {{ ref('key_results') }}
),

by_owner as (
    select
        owner_kind || ' ' || owner_id || ' ' || cast(quarter_start as string) as place,
        sum(weight) as weight
    from objectives
    group by owner_kind, owner_id, quarter_start
),

by_objective as (
    select
        objectives.objective_id as place,
        sum(key_results.weight) as weight
    from objectives
    left join key_results on objectives.objective_id = key_results.objective_id
    group by objectives.objective_id
),

united as (
    select
        place,
        weight
    from by_owner
    union all
    select
        place,
        weight
    from by_objective
),

wrong as (
    select * from united
    where weight is null or weight <> 100
)

select * from wrong
