-- One row per period, owner and perspective. Contributions add up to the card's KPI total; scores do not add up.
with

kpi_scores as (
    select * from {{ ref('kpi_scores') }}
),

summed as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        employee_count,
        perspective,
        {{ divide(
            exact_sum('contribution') ~ ' * 100',
            exact_sum('case when score is not null then effective_weight end')
        ) }} as score,
        {{ exact_sum('weight') }} as weight,
        {{ exact_sum('effective_weight') }} as effective_weight,
        {{ exact_sum('contribution') }} as contribution,
        cast(count(*) as bigint) as line_count,
        cast(count(score) as bigint) as scored_line_count
    from kpi_scores
    group by period_grain, period_start, is_closed, owner_kind, owner_id, employee_count, perspective
)

select * from summed
