-- One row per period, owner and KPI: its value beside its past, the trade, its target and its peers. Nothing adds up.
with

kpi_values as (
    select * from {{ ref('kpi_values') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

pasts as (
    select * from {{ ref('int_kpi_past_values') }}
),

benchmarks as (
    select * from {{ ref('int_kpi_benchmarks_matched') }}
),

targets as (
    select * from {{ ref('int_kpi_targets_resolved') }}
),

peers as (
    select * from {{ ref('int_kpi_peers') }}
),

beside as (
    select
        kpi_values.period_grain,
        kpi_values.period_start,
        kpi_values.next_period_start,
        periods.elapsed_until,
        kpi_values.is_closed,
        kpi_values.owner_kind,
        kpi_values.owner_id,
        kpi_values.employee_count,
        kpi_values.kpi_id,
        kpis.unit,
        case when kpis.unit = 'fraction' then 'percentage_points' else kpis.unit end as gap_unit,
        case when kpis.unit = 'fraction' then 100 else 1 end as gap_units,
        kpis.direction,
        {{ finite('kpi_values.value') }} as value,
        kpi_values.sample_size,
        {{ finite('pasts.previous_value') }} as previous_value,
        {{ finite('pasts.last_year_value') }} as last_year_value,
        benchmarks.category_average,
        benchmarks.industry_top3_mean,
        benchmarks.benchmark_category,
        benchmarks.benchmark_period_start,
        {{ finite('targets.target') }} as target,
        peers.top_tenth_value,
        peers.peer_group,
        peers.peer_group_id,
        cast(peers.peer_count as bigint) as peer_count,
        cast(peers.peer_rank as bigint) as peer_rank
    from kpi_values
    inner join kpis on kpi_values.kpi_id = kpis.kpi_id
    inner join periods
        on
            kpi_values.period_grain = periods.period_grain
            and kpi_values.period_start = periods.period_start
    left join pasts
        on
            kpi_values.period_grain = pasts.period_grain
            and kpi_values.period_start = pasts.period_start
            and kpi_values.owner_kind = pasts.owner_kind
            and kpi_values.owner_id = pasts.owner_id
            and kpi_values.kpi_id = pasts.kpi_id
    left join benchmarks
        on
            kpi_values.period_grain = benchmarks.period_grain
            and kpi_values.period_start = benchmarks.period_start
            and kpi_values.owner_kind = benchmarks.owner_kind
            and kpi_values.owner_id = benchmarks.owner_id
            and kpi_values.kpi_id = benchmarks.kpi_id
    left join targets
        on
            kpi_values.period_grain = targets.period_grain
            and kpi_values.period_start = targets.period_start
            and kpi_values.owner_kind = targets.owner_kind
            and kpi_values.owner_id = targets.owner_id
            and kpi_values.kpi_id = targets.kpi_id
    left join peers
        on
            kpi_values.owner_kind = 'employee'
            and kpi_values.period_grain = peers.period_grain
            and kpi_values.period_start = peers.period_start
            and kpi_values.owner_id = peers.owner_id
            and kpi_values.kpi_id = peers.kpi_id
),

-- A gap is the value less what it is compared with, whichever way is better; a difference of rates is in percentage
-- points, and every percent is of what it is compared with.
compared as (
    select
        period_grain,
        period_start,
        next_period_start,
        elapsed_until,
        is_closed,
        owner_kind,
        owner_id,
        employee_count,
        kpi_id,
        unit,
        gap_unit,
        direction,
        value,
        sample_size,
        previous_value,
        last_year_value,
        category_average,
        industry_top3_mean,
        benchmark_category,
        benchmark_period_start,
        target,
        round(case
            when target <= 0 or (direction = 'lower' and value <= 0) then null
            when direction = 'higher' then {{ divide('value', 'target') }}
            when direction = 'lower' then {{ divide('target', 'value') }}
        end, 9) as attainment,
        top_tenth_value,
        peer_group,
        peer_group_id,
        peer_count,
        peer_rank,
        {{ gap('previous_value') }} as gap_to_previous,
        {{ gap_percent('previous_value') }} as gap_to_previous_percent,
        {{ is_better_than('previous_value') }} as is_better_than_previous,
        {{ gap('last_year_value') }} as gap_to_last_year,
        {{ gap_percent('last_year_value') }} as gap_to_last_year_percent,
        {{ is_better_than('last_year_value') }} as is_better_than_last_year,
        {{ gap('category_average') }} as gap_to_category_average,
        {{ gap_percent('category_average') }} as gap_to_category_average_percent,
        {{ is_better_than('category_average') }} as is_better_than_category_average,
        {{ gap('industry_top3_mean') }} as gap_to_industry_top3,
        {{ gap_percent('industry_top3_mean') }} as gap_to_industry_top3_percent,
        {{ is_better_than('industry_top3_mean') }} as is_better_than_industry_top3,
        {{ gap('target') }} as gap_to_target,
        {{ gap_percent('target') }} as gap_to_target_percent,
        {{ is_met('target') }} as is_target_met,
        {{ gap('top_tenth_value') }} as gap_to_top_tenth,
        {{ gap_percent('top_tenth_value') }} as gap_to_top_tenth_percent,
        {{ is_better_than('top_tenth_value') }} as is_better_than_top_tenth
    from beside
)

select * from compared
