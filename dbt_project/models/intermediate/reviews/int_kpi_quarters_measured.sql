-- Grain: one row a quarter and KPI in force on its last day: how far it is measured, how it moved since the quarter before
-- and about the close, signed so that more is better. Nothing adds up.
with

thresholds as (
    {{ effectiveness_thresholds(['window_weeks', 'close_weeks', 'minimum_coverage']) }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

promotions as (
    select
        starts_on,
        ends_on
    from {{ ref('promotion_calendar') }}
),

catalog as (
    select
        *,
        min(valid_from) over (partition by kpi_id) as first_valid_from
    from {{ ref('kpi_catalog') }}
),

company_weeks as (
    {{ company_weeks() }}
),

kpis as (
    select
        quarters.period_start,
        quarters.is_closed,
        quarters.elapsed_until,
        catalog.kpi_id,
        catalog.name,
        catalog.name_zh,
        catalog.perspective,
        catalog.purpose,
        catalog.counter_kpi_id,
        catalog.first_valid_from,
        case when catalog.direction = 'lower' then -1 else 1 end as better
    from periods as quarters
    inner join catalog on {{ in_force_until('catalog', 'quarters.elapsed_until') }}
    where quarters.period_grain = 'quarter'
),

-- A week is a quarter's in which it ends; a KPI that began within the quarter is expected from then on.
expected as (
    select
        kpis.period_start,
        kpis.kpi_id,
        count(*) as weeks
    from kpis
    inner join periods as weeks
        on
            weeks.period_grain = 'week'
            and weeks.is_closed
            and weeks.next_period_start > kpis.period_start
            and weeks.next_period_start <= kpis.elapsed_until
            and weeks.next_period_start > kpis.first_valid_from
    group by kpis.period_start, kpis.kpi_id
),

measured as (
    select
        kpis.period_start,
        kpis.kpi_id,
        count(case when company_weeks.next_week_start > kpis.period_start then 1 end) as quarter_weeks,
        count(*) as window_weeks,
        max(company_weeks.next_week_start) as measured_until
    from kpis
    cross join thresholds
    inner join company_weeks
        on
            kpis.kpi_id = company_weeks.kpi_id
            and company_weeks.week_start
            >= kpis.elapsed_until - cast(thresholds.window_weeks * 7 as integer)
            and company_weeks.next_week_start <= kpis.elapsed_until
    where company_weeks.value is not null
    group by kpis.period_start, kpis.kpi_id
),

-- A promotion next to the close explains a rise and a fall by itself.
promoted as (
    select distinct periods.period_start
    from periods
    cross join thresholds
    inner join promotions
        on
            promotions.starts_on < periods.elapsed_until + cast(thresholds.close_weeks * 7 as integer)
            and promotions.ends_on >= periods.elapsed_until - cast(thresholds.close_weeks * 7 + 6 as integer)
    where periods.period_grain = 'quarter'
),

{% set of_quarter = "part in ('quarter', 'before_close')" -%}
moved as (
    select
        period_start,
        kpi_id,
        count(case when {{ of_quarter }} then 1 end) as weeks_now,
        count(case when part = 'quarter_before' then 1 end) as weeks_before,
        count(case when part = 'before_close' then 1 end) as weeks_before_close,
        count(case when part = 'after_close' then 1 end) as weeks_after_close,
        {{ exact_sum('case when ' ~ of_quarter ~ ' then level end') }} as level_now,
        {{ exact_sum("case when part = 'quarter_before' then level end") }} as level_before,
        {{ exact_sum("case when part = 'quarter' then residual end") }} as residual_inside,
        {{ exact_sum("case when part = 'before_close' then residual end") }} as residual_before_close,
        {{ exact_sum("case when part = 'after_close' then residual end") }} as residual_after_close
    from {{ ref('int_kpi_weeks_detrended') }}
    group by period_start, kpi_id
),

averaged as (
    select
        period_start,
        kpi_id,
        weeks_now,
        weeks_before,
        weeks_before_close,
        weeks_after_close,
        {{ divide('level_now', 'weeks_now') }} - {{ divide('level_before', 'weeks_before') }} as change,
        {{ divide('residual_before_close', 'weeks_before_close') }}
        - {{ divide('residual_inside', 'weeks_now - weeks_before_close') }} as rise,
        {{ divide('residual_before_close', 'weeks_before_close') }}
        - {{ divide('residual_after_close', 'weeks_after_close') }} as fall
    from moved
),

joined as (
    select
        kpis.period_start,
        kpis.is_closed,
        kpis.kpi_id,
        kpis.name,
        kpis.name_zh,
        kpis.perspective,
        kpis.purpose,
        kpis.counter_kpi_id,
        coalesce(expected.weeks, 0) as expected_weeks,
        coalesce(measured.quarter_weeks, 0) as measured_weeks,
        coalesce(measured.window_weeks, 0) as window_weeks,
        {{ days_between('measured.measured_until', 'kpis.elapsed_until') }} as stale_days,
        averaged.kpi_id is null as is_without_variation,
        case
            when
                least(averaged.weeks_now, averaged.weeks_before)
                >= thresholds.minimum_coverage * coalesce(expected.weeks, 0)
                then kpis.better * averaged.change
        end as improvement,
        case
            when averaged.weeks_before_close = thresholds.close_weeks and promoted.period_start is null
                then kpis.better * averaged.rise
        end as close_rise,
        case
            when
                averaged.weeks_before_close = thresholds.close_weeks
                and averaged.weeks_after_close = thresholds.close_weeks
                and promoted.period_start is null
                then kpis.better * averaged.fall
        end as close_fall
    from kpis
    cross join thresholds
    left join expected on kpis.period_start = expected.period_start and kpis.kpi_id = expected.kpi_id
    left join measured on kpis.period_start = measured.period_start and kpis.kpi_id = measured.kpi_id
    left join promoted on kpis.period_start = promoted.period_start
    left join averaged on kpis.period_start = averaged.period_start and kpis.kpi_id = averaged.kpi_id
)

select * from joined
