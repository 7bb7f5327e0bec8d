-- Grain: one row a paper, day, stretch of days that it looks at, owner, KPI and dimension.
with

policies as (
    select * from {{ ref('review_policies') }} as rules
    where {{ holds_before('rules', business_day(as_of()) ~ ' + 1') }}
),

papers as (
    select
        dates.rhythm_id,
        dates.held_on,
        dates.through_on
    from {{ ref('int_rhythm_dates') }} as dates
    inner join policies on dates.days_ago <= policies.rhythm_weeks * 7
    where dates.rhythm_id = 'progress_review' or (dates.rhythm_id = 'weekly_bulletin' and dates.is_held)
),

stretches as (
    select
        rhythm_id,
        held_on,
        'week' as stretch,
        through_on - 6 as first_on,
        through_on as last_on
    from papers
    where rhythm_id = 'weekly_bulletin'
    union all
    select
        rhythm_id,
        held_on,
        'week_before' as stretch,
        through_on - 13 as first_on,
        through_on - 7 as last_on
    from papers
    where rhythm_id = 'weekly_bulletin'
    union all
    select
        rhythm_id,
        held_on,
        'quarter_to_date' as stretch,
        {{ period_start('quarter', 'through_on') }} as first_on,
        through_on as last_on
    from papers
    where rhythm_id = 'progress_review'
),

catalog as (
    select * from {{ ref('dim_kpis') }}
),

owned as (
    select * from {{ ref('int_owner_values') }}
    where owner_kind in ('employee', 'team', 'department')
),

companies as (
    select distinct org_unit_id from {{ ref('org_units') }}
    where kind = 'company'
),

daily as (
    select
        stretches.rhythm_id,
        stretches.held_on,
        stretches.stretch,
        kpi_daily.kpi_id,
        kpi_daily.measured_on,
        kpi_daily.dimension,
        kpi_daily.dimension_value,
        kpi_daily.numerator,
        kpi_daily.denominator,
        kpi_daily.sample_size,
        catalog.kind,
        kpi_daily.dimension = catalog.primary_dimension as is_primary
    from {{ ref('kpi_daily') }} as kpi_daily
    inner join catalog on kpi_daily.kpi_id = catalog.kpi_id
    inner join stretches
        on kpi_daily.measured_on >= stretches.first_on and kpi_daily.measured_on <= stretches.last_on
),

own_parts as (
    select
        daily.rhythm_id,
        daily.held_on,
        daily.stretch,
        owned.owner_kind,
        owned.owner_id,
        daily.kpi_id,
        daily.dimension,
        daily.is_primary,
        daily.numerator,
        case when daily.kind <> 'share' then daily.denominator end as denominator,
        daily.sample_size
    from daily
    inner join owned
        on
            daily.dimension = owned.dimension
            and daily.dimension_value = owned.dimension_value
            and daily.measured_on >= owned.valid_from
            and daily.measured_on < owned.valid_to
    -- A bulletin is about units; employees have their dialogues.
    where daily.stretch = 'quarter_to_date' or owned.owner_kind <> 'employee'
),

-- A share is one of all values' denominators, on each day on which the owner owns any value, once.
whole_days as (
    select
        rhythm_id,
        held_on,
        stretch,
        measured_on,
        kpi_id,
        dimension,
        is_primary,
        sum(denominator) as denominator
    from daily
    where kind = 'share'
    group by rhythm_id, held_on, stretch, measured_on, kpi_id, dimension, is_primary
),

wholes as (
    select distinct
        whole_days.rhythm_id,
        whole_days.held_on,
        whole_days.stretch,
        owned.owner_kind,
        owned.owner_id,
        whole_days.kpi_id,
        whole_days.dimension,
        whole_days.is_primary,
        whole_days.measured_on,
        whole_days.denominator
    from whole_days
    inner join owned
        on
            whole_days.dimension = owned.dimension
            and whole_days.measured_on >= owned.valid_from
            and whole_days.measured_on < owned.valid_to
    where whole_days.stretch = 'quarter_to_date' or owned.owner_kind <> 'employee'
),

parts as (
    select
        rhythm_id,
        held_on,
        stretch,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        is_primary,
        numerator,
        denominator,
        sample_size
    from own_parts
    union all
    select
        rhythm_id,
        held_on,
        stretch,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        is_primary,
        0 as numerator,
        denominator,
        0 as sample_size
    from wholes
    union all
    select
        daily.rhythm_id,
        daily.held_on,
        daily.stretch,
        'company' as owner_kind,
        companies.org_unit_id as owner_id,
        daily.kpi_id,
        daily.dimension,
        daily.is_primary,
        daily.numerator,
        daily.denominator,
        daily.sample_size
    from daily
    cross join companies
    where daily.is_primary
),

summed as (
    select
        rhythm_id,
        held_on,
        stretch,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        is_primary,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sample_size) as sample_size
    from parts
    group by rhythm_id, held_on, stretch, owner_kind, owner_id, kpi_id, dimension, is_primary
),

-- An owner of shops and categories is measured by one of them: the same order would count in both.
valued as (
    select
        summed.rhythm_id,
        summed.held_on,
        summed.stretch,
        summed.owner_kind,
        summed.owner_id,
        summed.kpi_id,
        case
            when catalog.kind = 'sum' then cast(summed.numerator as double)
            else {{ divide('summed.numerator', 'summed.denominator') }}
        end as value,
        summed.sample_size
    from summed
    inner join catalog on summed.kpi_id = catalog.kpi_id
    qualify row_number() over (
        partition by
            summed.rhythm_id,
            summed.held_on,
            summed.stretch,
            summed.owner_kind,
            summed.owner_id,
            summed.kpi_id
        order by case when summed.is_primary then 0 else 1 end, summed.dimension
    ) = 1
)

select * from valued
