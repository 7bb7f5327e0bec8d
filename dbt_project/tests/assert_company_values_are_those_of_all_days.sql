-- The company's value takes every value of the primary dimension, owned or not: nothing may fall out on the way up.
with

company as (
    select
        kpi_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('kpi_values') }}
    where owner_kind = 'company' and period_grain = 'month'
    group by kpi_id
),

periods as (
    select max(elapsed_until) as known_until_on from {{ ref('int_kpi_periods') }}
),

daily as (
    select
        daily.kpi_id,
        sum(daily.numerator) as numerator,
        sum(daily.denominator) as denominator
    from {{ ref('kpi_daily') }} as daily
    inner join {{ ref('dim_kpis') }} as catalog
        on daily.kpi_id = catalog.kpi_id and daily.dimension = catalog.primary_dimension
    inner join periods on daily.measured_on < periods.known_until_on
    group by daily.kpi_id
),

apart as (
    select
        daily.kpi_id,
        daily.numerator,
        company.numerator as company_numerator
    from daily
    left join company on daily.kpi_id = company.kpi_id
    where
        daily.numerator is distinct from company.numerator
        or daily.denominator is distinct from company.denominator
)

select * from apart
