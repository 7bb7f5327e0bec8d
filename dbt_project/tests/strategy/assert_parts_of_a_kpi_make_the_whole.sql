-- What is shown as the parts of a KPI must be its parts: their contributions and the difference stated make its value.
with

parts as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        kpi_id,
        part_kind,
        max(value) as value,
        max(difference) as difference,
        count(contribution) as contributions,
        count(*) as part_count,
        {{ exact_sum('contribution') }} as contribution
    from {{ ref('kpi_decomposition') }}
    where relation = 'adds_up'
    group by period_grain, period_start, owner_kind, owner_id, kpi_id, part_kind
),

apart as (
    select * from parts
    where
        contributions = part_count
        and abs(contribution + difference - value) > 1e-9 * greatest(1, abs(value))
)

select * from apart
