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

-- A value's own part, on the days on which it is owned.
own_parts as (
    select
        daily.month_start,
        daily.quarter_start,
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
        daily.month_start,
        daily.quarter_start,
        daily.measured_on,
        daily.kpi_id,
        daily.dimension,
        sum(daily.denominator) as denominator
    from daily
    inner join catalog on daily.kpi_id = catalog.kpi_id and catalog.kind = 'share'
    group by daily.month_start, daily.quarter_start, daily.measured_on, daily.kpi_id, daily.dimension
),

-- A share is one of all values' denominators, on each day on which the owner owns any value, once.
wholes as (
    select distinct
        whole_days.month_start,
        whole_days.quarter_start,
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
        month_start,
        quarter_start,
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
        month_start,
        quarter_start,
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
        month_start,
        quarter_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sample_size) as sample_size
    from parts
    group by month_start, quarter_start, owner_kind, owner_id, kpi_id, dimension
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
