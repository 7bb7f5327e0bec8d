-- Grain: one row a quarter, KPI and other KPI that says nearly the same: what trend, season and promotions leave of both
-- moves alike, and neither is declared to drive the other. Each pair stands twice, once from either side.
with

thresholds as (
    {{ effectiveness_thresholds(['minimum_paired_weeks', 'redundant_correlation']) }}
),

quarters as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

links as (
    select * from {{ ref('strategy_links') }}
    where cause_kind = 'kpi'
),

residuals as (
    select
        period_start,
        kpi_id,
        week_start,
        residual
    from {{ ref('int_kpi_weeks_detrended') }}
    where is_fitted
),

-- A driver is meant to move with its outcome: that is no repetition.
linked as (
    select
        quarters.period_start,
        links.cause_id as kpi_id,
        links.effect_id as other_kpi_id
    from quarters
    inner join links on {{ in_force_until('links', 'quarters.elapsed_until') }}
    union
    select
        quarters.period_start,
        links.effect_id,
        links.cause_id
    from quarters
    inner join links on {{ in_force_until('links', 'quarters.elapsed_until') }}
),

sums as (
    select
        ones.period_start,
        ones.kpi_id,
        others.kpi_id as other_kpi_id,
        cast(count(*) as double) as n,
        {{ exact_sum('ones.residual') }} as sum_x,
        {{ exact_sum('others.residual') }} as sum_y,
        {{ exact_sum('ones.residual * ones.residual') }} as sum_xx,
        {{ exact_sum('others.residual * others.residual') }} as sum_yy,
        {{ exact_sum('ones.residual * others.residual') }} as sum_xy
    from residuals as ones
    inner join residuals as others
        on
            ones.period_start = others.period_start
            and ones.week_start = others.week_start
            and ones.kpi_id <> others.kpi_id
    group by ones.period_start, ones.kpi_id, others.kpi_id
),

correlations as (
    select
        period_start,
        kpi_id,
        other_kpi_id,
        n,
        {{ correlation_of_sums('n', 'sum_x', 'sum_y', 'sum_xx', 'sum_yy', 'sum_xy') }} as correlation
    from sums
),

alike as (
    select
        correlations.period_start,
        correlations.kpi_id,
        correlations.other_kpi_id,
        correlations.n as weeks,
        correlations.correlation
    from correlations
    inner join thresholds
        on
            abs(correlations.correlation) >= thresholds.redundant_correlation
            and correlations.n >= thresholds.minimum_paired_weeks
    left join linked
        on
            correlations.period_start = linked.period_start
            and correlations.kpi_id = linked.kpi_id
            and correlations.other_kpi_id = linked.other_kpi_id
    where linked.kpi_id is null
)

select * from alike
