with

newest as (
    {{ newest_version('benchmarks') }}
),

typed as (
    select
        cast(kpi_id as string) as kpi_id,
        cast(category as string) as category,
        cast(statistic as string) as statistic,
        cast(period_start as date) as period_start,
        cast(value as decimal(18, 6)) as value,
        cast(source as string) as source,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
