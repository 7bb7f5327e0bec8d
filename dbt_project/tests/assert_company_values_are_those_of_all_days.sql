-- The company's value takes every value of the primary dimension, owned or not, and the periods of each grain take every
-- day once: nothing may fall out on the way up.
with

company as (
    select
        period_grain,
        kpi_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('kpi_values') }}
    where owner_kind = 'company'
    group by period_grain, kpi_id
),

grains as (
    select
        period_grain,
        max(elapsed_until) as known_until_on
    from {{ ref('int_kpi_periods') }}
    group by period_grain
),

daily as (
    select
        grains.period_grain,
        daily.kpi_id,
        sum(daily.numerator) as numerator,
        sum(daily.denominator) as denominator
    from {{ ref('kpi_daily') }} as daily
    inner join {{ ref('dim_kpis') }} as catalog
        on daily.kpi_id = catalog.kpi_id and daily.dimension = catalog.primary_dimension
    inner join grains on daily.measured_on < grains.known_until_on
    group by grains.period_grain, daily.kpi_id
),

apart as (
    select
        daily.period_grain,
        daily.kpi_id,
        daily.numerator,
        company.numerator as company_numerator
    from daily
    left join company on daily.kpi_id = company.kpi_id and daily.period_grain = company.period_grain
    where
        daily.numerator is distinct from company.numerator
        or daily.denominator is distinct from company.denominator
)

select * from apart
