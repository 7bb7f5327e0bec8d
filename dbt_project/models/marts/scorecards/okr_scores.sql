-- One row per quarter and objective. Contributions of an owner add up to the total of its objectives, no more.
with

key_results as (
    select * from {{ ref('okr_progress') }}
),

objectives as (
    select * from {{ ref('okr_objectives') }}
),

-- A key result without a score is left out of what is shown, and the objective waits.
summed as (
    select
        period_grain,
        period_start,
        is_closed,
        objective_id,
        owner_kind,
        owner_id,
        employee_count,
        {{ exact_sum('weight * progress') }} as progress_weight,
        {{ exact_sum('weight * score') }} as score_weight,
        {{ exact_sum('weight * confidence') }} as confidence_weight,
        sum(case when score is not null then weight else 0 end) as scored_weight,
        sum(case when confidence is not null then weight else 0 end) as confident_weight,
        sum(weight) as key_result_weight,
        count(*) as key_result_count,
        count(case when score is null then 1 end) as waiting_key_result_count,
        count(case when is_stale then 1 end) as stale_key_result_count
    from key_results
    group by period_grain, period_start, is_closed, objective_id, owner_kind, owner_id, employee_count
),

described as (
    select
        summed.period_grain,
        summed.period_start,
        summed.is_closed,
        summed.objective_id,
        summed.owner_kind,
        summed.owner_id,
        summed.employee_count,
        objectives.name,
        objectives.name_zh,
        objectives.strategy_objective_id,
        {{ divide('summed.progress_weight', 'summed.scored_weight') }} as progress,
        {{ divide('summed.confidence_weight', 'summed.confident_weight') }} as confidence,
        {{ divide('summed.score_weight', 'summed.scored_weight') }} as score,
        objectives.weight,
        coalesce({{ divide('summed.scored_weight', 'summed.key_result_weight') }}, 0) as coverage,
        cast(summed.key_result_count as bigint) as key_result_count,
        cast(summed.waiting_key_result_count as bigint) as waiting_key_result_count,
        cast(summed.stale_key_result_count as bigint) as stale_key_result_count,
        case
            when summed.scored_weight = 0 then 'nothing_measured'
            when summed.waiting_key_result_count > 0 then 'waiting'
            else 'scored'
        end as status
    from summed
    inner join objectives on summed.objective_id = objectives.objective_id
),

contributed as (
    select
        period_grain,
        period_start,
        is_closed,
        objective_id,
        owner_kind,
        owner_id,
        employee_count,
        name,
        name_zh,
        strategy_objective_id,
        progress,
        confidence,
        score,
        weight,
        {{ divide(
            'score * weight',
            exact_sum('case when score is not null then weight end', over='over owner_quarter')
        ) }} as contribution,
        coverage,
        key_result_count,
        waiting_key_result_count,
        stale_key_result_count,
        status
    from described
    window owner_quarter as (partition by period_start, owner_kind, owner_id)
)

select * from contributed
