-- One row per day and category: a year's worth of the day's cost of goods sold over the day's stock at cost. Since both
-- are summed over the same days, their ratio is cost of goods a year over average stock, for any period.
with

counts as (
    select
        warehouse,
        category,
        counted_on,
        sum(stock_value) as stock_value
    from {{ ref('fct_inventory_daily') }}
    group by warehouse, category, counted_on
),

-- A count holds until the next one, and not for ever where counting stops.
spans as (
    select
        category,
        stock_value,
        counted_on,
        least(
            coalesce(
                lead(counted_on) over (partition by warehouse, category order by counted_on),
                counted_on + {{ var('stock_count_max_age_days') }}
            ),
            counted_on + {{ var('stock_count_max_age_days') }}
        ) as held_until
    from counts
    where stock_value is not null
),

stock as (
    select
        dates.date_on,
        spans.category,
        sum(spans.stock_value) as stock_value,
        count(*) as warehouses
    from {{ ref('dim_dates') }} as dates
    inner join spans on dates.date_on >= spans.counted_on and dates.date_on < spans.held_until
    where {{ happened_by_as_of('dates.date_on', 'date') }}
    group by dates.date_on, spans.category
),

sold as (
    select
        ordered_on,
        category,
        sum(cost) as cost
    from {{ ref('fct_order_lines') }}
    where not is_cancelled and not is_held
    group by ordered_on, category
),

years as (
    select
        parameter as days_per_year,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id = 'inventory_turnover'
),

-- Goods sold on a day whose stock nobody knows are on neither side.
measured as (
    select
        stock.date_on as measured_on,
        'category' as dimension,
        stock.category as dimension_value,
        cast(coalesce(sold.cost, 0) * years.days_per_year as decimal(28, 10)) as numerator,
        cast(stock.stock_value as decimal(28, 10)) as denominator,
        cast(stock.warehouses as bigint) as sample_size
    from stock
    inner join years on stock.date_on >= years.valid_from and stock.date_on < years.valid_to
    left join sold on stock.date_on = sold.ordered_on and stock.category = sold.category
)

select * from measured
