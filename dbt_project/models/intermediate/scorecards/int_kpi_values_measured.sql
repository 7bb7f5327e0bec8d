-- Grain: one row a period (whole, or cut to be compared with an open one), owner and KPI that is made by a file.
with

spans as (
    select * from {{ ref('int_kpi_owner_spans') }}
),

statistics as (
    select * from {{ ref('int_kpi_statistics') }}
),

cut_periods as (
    select * from {{ ref('int_kpi_cut_periods') }}
),

catalog as (
    select * from {{ ref('dim_kpis') }}
),

owners as (
    select * from {{ ref('int_owner_periods') }}
),

roles as (
    select
        role_id,
        max(minimum_holders) as minimum_holders
    from {{ ref('roles') }}
    group by role_id
),

begun as (
    select
        kpi_id,
        min(measured_on) as first_on
    from {{ ref('kpi_daily') }}
    group by kpi_id
    union all
    select
        kpi_id,
        min(first_measured_on) as first_on
    from statistics
    group by kpi_id
),

grains as (
    {%- for grain in ['week', 'month', 'quarter', 'year'] %}
        select
            '{{ grain }}' as period_grain,
            {{ period_start(grain, 'span_start') }} as period_start,
            false as is_to_date,
            owner_kind,
            owner_id,
            kpi_id,
            dimension,
            numerator,
            denominator,
            sample_size
        from spans
        union all
    {%- endfor %}
    select
        cut_periods.period_grain,
        cut_periods.period_start,
        true as is_to_date,
        spans.owner_kind,
        spans.owner_id,
        spans.kpi_id,
        spans.dimension,
        spans.numerator,
        spans.denominator,
        spans.sample_size
    from spans
    inner join cut_periods
        on spans.span_start >= cut_periods.period_start and spans.span_start < cut_periods.cut_on
),

summed as (
    select
        period_grain,
        period_start,
        is_to_date,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sample_size) as sample_size
    from grains
    group by period_grain, period_start, is_to_date, owner_kind, owner_id, kpi_id, dimension
),

-- A statistic of observations has no upper and lower part.
united as (
    select
        period_grain,
        period_start,
        is_to_date,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        cast(numerator as decimal(28, 10)) as numerator,
        cast(denominator as decimal(28, 10)) as denominator,
        cast(null as double) as statistic_value,
        sample_size
    from summed
    union all
    select
        period_grain,
        period_start,
        is_to_date,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        null as numerator,
        null as denominator,
        value as statistic_value,
        sample_size
    from statistics
),

-- An owner of shops and categories is measured by one of them: the same order would count in both.
one_dimension as (
    select
        united.period_grain,
        united.period_start,
        united.is_to_date,
        united.owner_kind,
        united.owner_id,
        united.kpi_id,
        united.dimension,
        united.numerator,
        united.denominator,
        case catalog.kind
            when 'observations' then united.statistic_value
            when 'sum' then cast(united.numerator as double)
            else {{ divide('united.numerator', 'united.denominator') }}
        end as value,
        cast(united.sample_size as bigint) as sample_size,
        catalog.kind = 'sum' or coalesce(catalog.statistic, '') = 'count_distinct' as grows_with_days
    from united
    inner join catalog on united.kpi_id = catalog.kpi_id
    qualify row_number() over (
        partition by
            united.period_grain, united.period_start, united.is_to_date,
            united.owner_kind, united.owner_id, united.kpi_id
        order by case when united.dimension = catalog.primary_dimension then 0 else 1 end, united.dimension
    ) = 1
),

measured as (
    select
        one_dimension.period_grain,
        one_dimension.period_start,
        one_dimension.is_to_date,
        one_dimension.owner_kind,
        one_dimension.owner_id,
        one_dimension.kpi_id,
        one_dimension.dimension,
        one_dimension.numerator,
        one_dimension.denominator,
        one_dimension.value,
        one_dimension.sample_size,
        coalesce(owners.employee_count, 0) as employee_count,
        -- What is summed up from the middle of a period on is not the whole of it; a rate needs no whole.
        not one_dimension.grows_with_days or begun.first_on <= one_dimension.period_start as is_complete
    from one_dimension
    inner join begun on one_dimension.kpi_id = begun.kpi_id
    left join owners
        on
            one_dimension.period_grain = owners.period_grain
            and one_dimension.period_start = owners.period_start
            and one_dimension.owner_kind = owners.owner_kind
            and one_dimension.owner_id = owners.owner_id
    left join roles on one_dimension.owner_kind = 'role' and one_dimension.owner_id = roles.role_id
    -- A role of few is a list of people.
    where one_dimension.owner_kind <> 'role' or owners.employee_count >= roles.minimum_holders
)

select * from measured
