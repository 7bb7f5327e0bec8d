{#- Each statistic reads its own KPIs only: the others' observations are NULL to it. -#}
{%- set statistics -%}
            case statistic
                when 'mean' then {{ divide(exact_sum("case when statistic = 'mean' then amount end"), 'count(amount)') }}
                when 'median'
                    then percentile_cont(0.5) within group (
                        order by case when statistic = 'median' then amount end
                    )
                when 'p90'
                    then percentile_cont(0.9) within group (
                        order by case when statistic = 'p90' then amount end
                    )
            end as value,
            count(amount) as sample_size,
            min(measured_on) as first_measured_on
{%- endset -%}
-- Grain: one row a period (whole, or cut to be compared with an open one), owner, KPI of observations and dimension.
with

catalog as (
    select * from {{ ref('dim_kpis') }}
    where kind = 'observations'
),

observations as (
    select
        observed.kpi_id,
        catalog.statistic,
        observed.measured_on,
        observed.dimension,
        observed.dimension_value,
        observed.dimension = catalog.primary_dimension as is_primary,
        observed.amount
    from {{ ref('int_kpi_observations') }} as observed
    inner join catalog on observed.kpi_id = catalog.kpi_id and catalog.statistic <> 'count_distinct'
),

distinct_days as (
    select * from {{ ref('int_kpi_distinct_days') }}
),

owners as (
    select * from {{ ref('int_owner_possessions') }}
),

cut_periods as (
    select * from {{ ref('int_kpi_cut_periods') }}
),

-- Owners of the same values on the same days see the same observations, which are gone through once for all of them.
possessions as (
    select distinct
        owners.possession_id,
        owned.dimension,
        owned.dimension_value,
        owned.valid_from,
        owned.valid_to
    from {{ ref('int_owner_values') }} as owned
    inner join owners
        on
            owned.owner_kind = owners.owner_kind
            and owned.owner_id = owners.owner_id
            and owned.dimension = owners.dimension
),

seen as (
    select
        possessions.possession_id,
        observations.kpi_id,
        observations.statistic,
        observations.measured_on,
        observations.dimension,
        observations.amount
    from observations
    inner join possessions
        on
            observations.dimension = possessions.dimension
            and observations.dimension_value = possessions.dimension_value
            and observations.measured_on >= possessions.valid_from
            and observations.measured_on < possessions.valid_to
    union all
    select
        '(everything)' as possession_id,
        kpi_id,
        statistic,
        measured_on,
        dimension,
        amount
    from observations
    where is_primary
),

periods as (
    {%- for grain in ['week', 'month', 'quarter', 'year'] %}
        select
            '{{ grain }}' as period_grain,
            {{ period_start(grain, 'measured_on') }} as period_start,
            false as is_to_date,
            possession_id,
            kpi_id,
            dimension,
            {{ statistics }}
        from seen
        group by {{ period_start(grain, 'measured_on') }}, possession_id, kpi_id, dimension, statistic
        union all
        select
            '{{ grain }}' as period_grain,
            {{ period_start(grain, 'measured_on') }} as period_start,
            false as is_to_date,
            possession_id,
            kpi_id,
            dimension,
            cast(sum(new_in_{{ grain }}) as double) as value,
            sum(observations) as sample_size,
            min(measured_on) as first_measured_on
        from distinct_days
        group by {{ period_start(grain, 'measured_on') }}, possession_id, kpi_id, dimension
        union all
    {%- endfor %}
    select
        cut_periods.period_grain,
        cut_periods.period_start,
        true as is_to_date,
        seen.possession_id,
        seen.kpi_id,
        seen.dimension,
        {{ statistics }}
    from seen
    inner join cut_periods
        on seen.measured_on >= cut_periods.period_start and seen.measured_on < cut_periods.cut_on
    group by
        cut_periods.period_grain, cut_periods.period_start, seen.possession_id, seen.kpi_id, seen.dimension,
        seen.statistic
    union all
    select
        cut_periods.period_grain,
        cut_periods.period_start,
        true as is_to_date,
        distinct_days.possession_id,
        distinct_days.kpi_id,
        distinct_days.dimension,
        cast(sum(case cut_periods.period_grain
            when 'week' then distinct_days.new_in_week
            when 'month' then distinct_days.new_in_month
            when 'quarter' then distinct_days.new_in_quarter
            else distinct_days.new_in_year
        end) as double) as value,
        sum(distinct_days.observations) as sample_size,
        min(distinct_days.measured_on) as first_measured_on
    from distinct_days
    inner join cut_periods
        on
            distinct_days.measured_on >= cut_periods.period_start
            and distinct_days.measured_on < cut_periods.cut_on
    group by
        cut_periods.period_grain, cut_periods.period_start, distinct_days.possession_id, distinct_days.kpi_id,
        distinct_days.dimension
),

owned as (
    select
        periods.period_grain,
        periods.period_start,
        periods.is_to_date,
        owners.owner_kind,
        owners.owner_id,
        periods.kpi_id,
        periods.dimension,
        periods.value,
        cast(periods.sample_size as bigint) as sample_size,
        periods.first_measured_on
    from periods
    inner join owners on periods.possession_id = owners.possession_id
)

select * from owned
