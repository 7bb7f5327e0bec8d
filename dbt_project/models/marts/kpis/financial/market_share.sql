-- One row per day and category: net revenue over the market's size of the quarter, spread evenly over its days. Where
-- nobody published a size there is no row, or no denominator: never a share of 0.
with

sales as (
    select
        measured_on,
        dimension_value as category,
        numerator as revenue,
        sample_size
    from {{ ref('net_revenue') }}
    where dimension = 'category'
),

markets as (
    select
        category,
        period_start,
        cast(period_start + interval '3' month as date) as next_period_start,
        value
    from {{ ref('fct_benchmarks') }}
    where kpi_id = 'net_revenue' and statistic = 'market_size' and value > 0
),

named as (
    select
        period_start,
        sum(value) as value
    from markets
    where category <> 'all'
    group by period_start
),

-- What of the whole market no category's figure names stays in the company's denominator.
parts as (
    select
        category,
        period_start,
        next_period_start,
        value
    from markets
    where category <> 'all'
    union all
    select
        '(none)' as category,
        markets.period_start,
        markets.next_period_start,
        markets.value - coalesce(named.value, 0) as value
    from markets
    left join named on markets.period_start = named.period_start
    where markets.category = 'all' and markets.value > coalesce(named.value, 0)
),

first_sales as (
    select min(measured_on) as first_on from sales
),

days as (
    select dates.date_on
    from {{ ref('dim_dates') }} as dates
    inner join first_sales on dates.date_on >= first_sales.first_on
    where {{ happened_by_as_of('dates.date_on', 'date') }}
),

-- Revenue counts where the market that it is a part of is known.
flows as (
    select
        sales.measured_on,
        sales.category,
        sales.revenue,
        cast(0 as decimal(28, 10)) as market_size,
        sales.sample_size
    from sales
    semi join markets
        on
            markets.category in (sales.category, 'all')
            and sales.measured_on >= markets.period_start
            and sales.measured_on < markets.next_period_start
    union all
    select
        days.date_on,
        parts.category,
        0 as revenue,
        cast(
            {{ divide('parts.value', days_between('parts.period_start', 'parts.next_period_start')) }}
            as decimal(28, 10)
        ) as market_size,
        0 as sample_size
    from days
    inner join parts on days.date_on >= parts.period_start and days.date_on < parts.next_period_start
),

summed as (
    select
        measured_on,
        'category' as dimension,
        category as dimension_value,
        cast(sum(revenue) as decimal(28, 10)) as numerator,
        cast(sum(market_size) as decimal(28, 10)) as denominator,
        cast(sum(sample_size) as bigint) as sample_size
    from flows
    group by measured_on, category
)

select * from summed
