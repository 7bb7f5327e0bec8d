-- Who adds up the steps on paper must come to the score that is paid by: the lines to the total exactly, the parts to
-- the final score rounded to two decimals. And no scorecard of an employee is left unexplained.
with

steps as (
    select
        period_start,
        employee_id,
        {{ exact_sum('contribution') }} as contributions,
        {{ exact_sum('final_points') }} as final_points,
        max(case when step_kind = 'total' then score end) as kpi_total,
        max(case when step_kind = 'final' then score end) as final_score,
        max(case when step_kind = 'tier' then rule_id end) as tier_id
    from {{ ref('score_explanations') }}
    group by period_start, employee_id
),

scorecards as (
    select
        period_start,
        owner_id as employee_id,
        cast(final_score as double) as final_score,
        tier_id
    from {{ ref('scorecards') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

compared as (
    select
        scorecards.period_start,
        scorecards.employee_id,
        case
            when steps.employee_id is null then 'it is not explained'
            when coalesce(steps.contributions, -1) <> coalesce(steps.kpi_total, -1)
                then 'its lines do not make the total'
            when coalesce(steps.final_score, -1) <> coalesce(scorecards.final_score, -1)
                then 'another final score is explained'
            when coalesce(steps.tier_id, '') <> coalesce(scorecards.tier_id, '')
                then 'another tier is explained'
            -- Half a cent of a point, and what a double may be off.
            when abs(steps.final_points - steps.final_score) > 0.005000001
                then 'its parts do not make the final score'
        end as what_is_wrong
    from scorecards
    left join steps
        on scorecards.period_start = steps.period_start and scorecards.employee_id = steps.employee_id
)

select * from compared
where what_is_wrong is not null
