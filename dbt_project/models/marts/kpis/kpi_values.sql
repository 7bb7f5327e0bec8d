-- One row per period, owner and KPI. Owners overlap and periods nest: add up neither; a rate is a ratio of sums.
with

owner_months as (
    select * from {{ ref('int_kpi_owner_months') }}
),

catalog as (
    select * from {{ ref('dim_kpis') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
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

grains as (
    select
        'month' as period_grain,
        month_start as period_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        numerator,
        denominator,
        sample_size
    from owner_months
    union all
    select
        'quarter' as period_grain,
        quarter_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        numerator,
        denominator,
        sample_size
    from owner_months
),

summed as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sample_size) as sample_size
    from grains
    group by period_grain, period_start, owner_kind, owner_id, kpi_id, dimension
),

-- An owner of shops and categories is measured by one of them: the same order would count in both.
one_dimension as (
    select
        summed.period_grain,
        summed.period_start,
        summed.owner_kind,
        summed.owner_id,
        summed.kpi_id,
        summed.dimension,
        cast(summed.numerator as decimal(28, 10)) as numerator,
        cast(summed.denominator as decimal(28, 10)) as denominator,
        case
            when catalog.kind = 'sum' then cast(summed.numerator as double)
            else {{ divide('summed.numerator', 'summed.denominator') }}
        end as value,
        cast(summed.sample_size as bigint) as sample_size
    from summed
    inner join catalog on summed.kpi_id = catalog.kpi_id
    qualify row_number() over (
        partition by
            summed.period_grain, summed.period_start, summed.owner_kind, summed.owner_id, summed.kpi_id
        order by case when summed.dimension = catalog.primary_dimension then 0 else 1 end, summed.dimension
    ) = 1
),

measured as (
    select
        one_dimension.period_grain,
        one_dimension.period_start,
        periods.next_period_start,
        periods.is_closed,
        one_dimension.owner_kind,
        one_dimension.owner_id,
        one_dimension.kpi_id,
        one_dimension.dimension,
        one_dimension.numerator,
        one_dimension.denominator,
        one_dimension.value,
        one_dimension.sample_size,
        coalesce(owners.employee_count, 0) as employee_count
    from one_dimension
    inner join periods
        on
            one_dimension.period_grain = periods.period_grain
            and one_dimension.period_start = periods.period_start
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
