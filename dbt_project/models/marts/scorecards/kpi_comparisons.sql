{%- set references = {
    'previous': 'previous_value',
    'last_year': 'last_year_value',
    'category_average': 'category_average',
    'industry_top3': 'industry_top3_mean',
    'target': 'target',
    'top_tenth': 'top_tenth_value',
} -%}
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
    {%- for joined in ['pasts', 'benchmarks', 'targets'] %}
    left join {{ joined }}
        on
            kpi_values.period_grain = {{ joined }}.period_grain
            and kpi_values.period_start = {{ joined }}.period_start
            and kpi_values.owner_kind = {{ joined }}.owner_kind
            and kpi_values.owner_id = {{ joined }}.owner_id
            and kpi_values.kpi_id = {{ joined }}.kpi_id
    {%- endfor %}
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
        peer_rank
        {%- for name, reference in references.items() %},
        round((value - {{ reference }}) * gap_units, 9) as gap_to_{{ name }},
        round(100 * {{ divide('value - ' ~ reference, 'abs(' ~ reference ~ ')') }}, 9) as gap_to_{{ name }}_percent,
        case direction
            when 'higher' then value {{ '>=' if name == 'target' else '>' }} {{ reference }}
            when 'lower' then value {{ '<=' if name == 'target' else '<' }} {{ reference }}
        end as {{ 'is_target_met' if name == 'target' else 'is_better_than_' ~ name }}
        {%- endfor %}
    from beside
)

select * from compared
