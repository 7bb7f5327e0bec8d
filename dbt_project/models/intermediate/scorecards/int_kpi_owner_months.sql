-- Grain: one row a month, owner, KPI and dimension; the company's by its primary dimension alone, over all values.
with

daily as (
    select
        kpi_id,
        measured_on,
        {{ period_start('month', 'measured_on') }} as month_start,
        {{ period_start('quarter', 'measured_on') }} as quarter_start,
        dimension,
        dimension_value,
        numerator,
        denominator,
        sample_size
    from {{ ref('kpi_daily') }}
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

members as (
    select
        daily.month_start,
        daily.quarter_start,
        owned.owner_kind,
        owned.owner_id,
        daily.kpi_id,
        daily.dimension,
        sum(daily.numerator) as numerator,
        sum(daily.denominator) as denominator,
        sum(daily.sample_size) as sample_size
    from daily
    inner join owned
        on
            daily.dimension = owned.dimension
            and daily.dimension_value = owned.dimension_value
            and daily.measured_on >= owned.valid_from
            and daily.measured_on < owned.valid_to
    group by
        daily.month_start, daily.quarter_start, owned.owner_kind, owned.owner_id,
        daily.kpi_id, daily.dimension
),

company as (
    select
        daily.month_start,
        daily.quarter_start,
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
    group by daily.month_start, daily.quarter_start, companies.org_unit_id, daily.kpi_id, daily.dimension
),

united as (
    select
        month_start,
        quarter_start,
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
        month_start,
        quarter_start,
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
