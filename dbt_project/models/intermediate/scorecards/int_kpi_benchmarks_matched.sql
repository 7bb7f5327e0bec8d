-- Grain: one row a period, owner and KPI that somebody outside has published a figure of: of the owner's one category,
-- else of all.
with

kpi_values as (
    select * from {{ ref('kpi_values') }}
),

catalog as (
    select
        kpi_id,
        kind = 'sum' or coalesce(statistic, '') = 'count_distinct' as grows_with_days
    from {{ ref('dim_kpis') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

owner_values as (
    select * from {{ ref('int_owner_values') }}
    where dimension = 'category'
),

figures as (
    select
        kpi_id,
        category,
        period_start as benchmark_period_start,
        cast(max(case when statistic = 'category_average' then value end) as double) as category_average,
        cast(max(case when statistic = 'industry_top3_mean' then value end) as double) as industry_top3_mean
    from {{ ref('fct_benchmarks') }}
    where statistic in ('category_average', 'industry_top3_mean')
    group by kpi_id, category, period_start
),

-- The newest quarter known by the period's last day, not too old; what grows with days is one of its own quarter only.
newest as (
    select
        periods.period_grain,
        periods.period_start,
        figures.kpi_id,
        figures.category,
        figures.benchmark_period_start,
        figures.category_average,
        figures.industry_top3_mean
    from periods
    inner join figures
        on
            figures.benchmark_period_start < periods.elapsed_until
            and figures.benchmark_period_start >= periods.elapsed_until - {{ var('benchmark_max_age_days') }}
    inner join catalog on figures.kpi_id = catalog.kpi_id
    where
        not catalog.grows_with_days
        or (periods.period_grain = 'quarter' and figures.benchmark_period_start = periods.period_start)
    qualify row_number() over (
        partition by periods.period_grain, periods.period_start, figures.kpi_id, figures.category
        order by figures.benchmark_period_start desc
    ) = 1
),

categories as (
    select
        periods.period_grain,
        periods.period_start,
        owner_values.owner_kind,
        owner_values.owner_id,
        max(owner_values.dimension_value) as category
    from periods
    inner join owner_values
        on
            owner_values.valid_from < periods.elapsed_until
            and owner_values.valid_to > periods.period_start
    group by periods.period_grain, periods.period_start, owner_values.owner_kind, owner_values.owner_id
    having count(distinct owner_values.dimension_value) = 1
),

matched as (
    select
        kpi_values.period_grain,
        kpi_values.period_start,
        kpi_values.owner_kind,
        kpi_values.owner_id,
        kpi_values.kpi_id,
        newest.category as benchmark_category,
        newest.benchmark_period_start,
        newest.category_average,
        newest.industry_top3_mean
    from kpi_values
    left join categories
        on
            kpi_values.dimension = 'category'
            and kpi_values.period_grain = categories.period_grain
            and kpi_values.period_start = categories.period_start
            and kpi_values.owner_kind = categories.owner_kind
            and kpi_values.owner_id = categories.owner_id
    inner join newest
        on
            kpi_values.period_grain = newest.period_grain
            and kpi_values.period_start = newest.period_start
            and kpi_values.kpi_id = newest.kpi_id
            and newest.category in (categories.category, 'all')
    qualify row_number() over (
        partition by
            kpi_values.period_grain, kpi_values.period_start, kpi_values.owner_kind, kpi_values.owner_id,
            kpi_values.kpi_id
        order by case when newest.category = 'all' then 1 else 0 end
    ) = 1
)

select * from matched
