-- Values of a dimension partition the facts: by whatever dimension a KPI is cut, each day adds up to the company's.
with

daily as (
    select
        kpi_id,
        measured_on,
        dimension,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('kpi_daily') }}
    group by kpi_id, measured_on, dimension
),

catalog as (
    select * from {{ ref('dim_kpis') }}
),

dimensions as (
    select distinct
        kpi_id,
        dimension
    from daily
),

company as (
    select
        daily.kpi_id,
        daily.measured_on,
        daily.numerator,
        daily.denominator
    from daily
    inner join catalog on daily.kpi_id = catalog.kpi_id and daily.dimension = catalog.primary_dimension
),

days as (
    select distinct
        kpi_id,
        measured_on
    from daily
),

apart as (
    select
        days.kpi_id,
        days.measured_on,
        dimensions.dimension,
        company.numerator as company_numerator,
        daily.numerator
    from days
    inner join dimensions on days.kpi_id = dimensions.kpi_id
    left join company on days.kpi_id = company.kpi_id and days.measured_on = company.measured_on
    left join daily
        on
            days.kpi_id = daily.kpi_id
            and days.measured_on = daily.measured_on
            and dimensions.dimension = daily.dimension
    where
        company.numerator is distinct from daily.numerator
        or company.denominator is distinct from daily.denominator
)

select * from apart
