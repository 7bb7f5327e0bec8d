-- Moves, changed weights and missing lines shift weight within a scorecard and never add or lose any.
with

summed as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        sum(weight) as weight,
        sum(effective_weight) as effective_weight
    from {{ ref('kpi_scores') }}
    group by period_grain, period_start, owner_kind, owner_id
),

wrong as (
    select * from summed
    where (abs(weight - 100) < 1e-9 and abs(effective_weight - 100) < 1e-9) is not true
)

select * from wrong
