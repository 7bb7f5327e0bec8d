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
                when 'count_distinct'
                    then cast(count(distinct case when statistic = 'count_distinct' then entity_id end) as double)
            end as value,
            count(case when statistic = 'count_distinct' or amount is not null then entity_id end) as sample_size,
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
        observed.entity_id,
        observed.amount
    from {{ ref('int_kpi_observations') }} as observed
    inner join catalog on observed.kpi_id = catalog.kpi_id
),

owner_values as (
    select * from {{ ref('int_owner_values') }}
),

cut_periods as (
    select * from {{ ref('int_kpi_cut_periods') }}
),

-- Owners of the same values on the same days see the same observations, which are gone through once for all of them.
owners as (
    select
        owner_kind,
        owner_id,
        dimension,
        {% set stretch = "dimension_value || '|' || cast(valid_from as string) || '|' || cast(valid_to as string)" -%}
        md5({{ ordered_text(stretch, stretch) }}) as possession_id
    from owner_values
    group by owner_kind, owner_id, dimension
    union all
    select distinct
        'company' as owner_kind,
        org_unit_id as owner_id,
        cast(null as string) as dimension,
        '(everything)' as possession_id
    from {{ ref('org_units') }}
    where kind = 'company'
),

possessions as (
    select distinct
        owners.possession_id,
        owner_values.dimension,
        owner_values.dimension_value,
        owner_values.valid_from,
        owner_values.valid_to
    from owner_values
    inner join owners
        on
            owner_values.owner_kind = owners.owner_kind
            and owner_values.owner_id = owners.owner_id
            and owner_values.dimension = owners.dimension
),

seen as (
    select
        possessions.possession_id,
        observations.kpi_id,
        observations.statistic,
        observations.measured_on,
        observations.dimension,
        observations.entity_id,
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
        entity_id,
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
        periods.sample_size,
        periods.first_measured_on
    from periods
    inner join owners on periods.possession_id = owners.possession_id
)

select * from owned
