-- One row per KPI, category, statistic and quarter, as somebody outside published it. Values do not add up.
with

benchmarks as (
    select * from {{ ref('stg_benchmarks') }}
),

described as (
    select
        kpi_id,
        category,
        statistic,
        period_start,
        value,
        source
    from benchmarks
)

select * from described
