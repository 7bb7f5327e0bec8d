-- Grain: one row an owner, KPI, dimension and span of days that no week or month begins and no past period ends within;
-- the company's by its primary dimension alone, over all values.
with

kpi_daily as (
    select * from {{ ref('kpi_daily') }}
),

cuts as (
    select distinct cut_on from {{ ref('int_kpi_cut_periods') }}
),

-- Days by the last day at or before them on which a week or month begins, or a past period is cut.
days as (
    select
        measured.measured_on,
        greatest(
            {{ period_start('week', 'measured.measured_on') }},
            {{ period_start('month', 'measured.measured_on') }},
            coalesce(max(cuts.cut_on), date '0001-01-01')
        ) as span_start
    from (select distinct measured_on from kpi_daily) as measured
    left join cuts on measured.measured_on >= cuts.cut_on
    group by measured.measured_on
),

daily as (
    select
        kpi_daily.kpi_id,
        kpi_daily.measured_on,
        days.span_start,
        kpi_daily.dimension,
        kpi_daily.dimension_value,
        kpi_daily.numerator,
        kpi_daily.denominator,
        kpi_daily.sample_size
    from kpi_daily
    inner join days on kpi_daily.measured_on = days.measured_on
),

owned as (
    select * from {{ ref('int_owner_values') }}
),

catalog as (
    select * from {{ ref('dim_kpis') }}
),

companies as (
    select distinct org_unit_id from {{ ref('org_units') }}
    where kind = 'company'
),

-- A value's own part, on the days on which it is owned.
own_parts as (
    select
        daily.span_start,
        owned.owner_kind,
        owned.owner_id,
        daily.kpi_id,
        daily.dimension,
        daily.numerator,
        case when catalog.kind <> 'share' then daily.denominator end as denominator,
        daily.sample_size
    from daily
    inner join catalog on daily.kpi_id = catalog.kpi_id
    inner join owned
        on
            daily.dimension = owned.dimension
            and daily.dimension_value = owned.dimension_value
            and daily.measured_on >= owned.valid_from
            and daily.measured_on < owned.valid_to
),

whole_days as (
    select
        daily.span_start,
        daily.measured_on,
        daily.kpi_id,
        daily.dimension,
        sum(daily.denominator) as denominator
    from daily
    inner join catalog on daily.kpi_id = catalog.kpi_id and catalog.kind = 'share'
    group by daily.span_start, daily.measured_on, daily.kpi_id, daily.dimension
),

-- A share is one of all values' denominators, on each day on which the owner owns any value, once.
wholes as (
    select distinct
        whole_days.span_start,
        whole_days.measured_on,
        owned.owner_kind,
        owned.owner_id,
        whole_days.kpi_id,
        whole_days.dimension,
        whole_days.denominator
    from whole_days
    inner join owned
        on
            whole_days.dimension = owned.dimension
            and whole_days.measured_on >= owned.valid_from
            and whole_days.measured_on < owned.valid_to
),

parts as (
    select
        span_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        numerator,
        denominator,
        sample_size
    from own_parts
    union all
    select
        span_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        0 as numerator,
        denominator,
        0 as sample_size
    from wholes
),

members as (
    select
        span_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sample_size) as sample_size
    from parts
    group by span_start, owner_kind, owner_id, kpi_id, dimension
),

company as (
    select
        daily.span_start,
        'company' as owner_kind,
        companies.org_unit_id as owner_id,
        daily.kpi_id,
        daily.dimension,
        sum(daily.numerator) as numerator,
        sum(daily.denominator) as denominator,
        sum(daily.sample_size) as sample_size
    from daily
    inner join catalog on daily.kpi_id = catalog.kpi_id and daily.dimension = catalog.primary_dimension
    cross join companies
    group by daily.span_start, companies.org_unit_id, daily.kpi_id, daily.dimension
),

united as (
    select
        span_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        numerator,
        denominator,
        sample_size
    from members
    union all
    select
        span_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        numerator,
        denominator,
        sample_size
    from company
)

select * from united
