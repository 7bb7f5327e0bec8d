-- Grain: one row a period, past that the facts reach back to, and shop: revenue and what makes it, of both.
with

pasts as (
    select * from {{ ref('int_kpi_past_periods') }}
),

flows as (
    select
        ordered_on as measured_on,
        shop,
        revenue,
        0 as visits,
        0 as orders
    from {{ ref('fct_orders') }}
    where not is_cancelled and not is_held
    union all
    -- The orders and visits of the conversion rate, so that its value is the factor.
    select
        measured_on,
        dimension_value as shop,
        0 as revenue,
        denominator as visits,
        numerator as orders
    from {{ ref('kpi_daily') }}
    where kpi_id = 'conversion_rate' and dimension = 'shop'
),

daily as (
    select
        measured_on,
        shop,
        sum(revenue) as revenue,
        sum(visits) as visits,
        sum(orders) as orders
    from flows
    group by measured_on, shop
),

begun as (
    select min(measured_on) as first_on from daily
),

windows as (
    select
        period_grain,
        period_start,
        is_closed,
        past_kind,
        past_start,
        past_until,
        'now' as part,
        period_start as from_on,
        elapsed_until as until_on
    from pasts
    union all
    select
        period_grain,
        period_start,
        is_closed,
        past_kind,
        past_start,
        past_until,
        'past' as part,
        past_start as from_on,
        past_until as until_on
    from pasts
),

summed as (
    select
        windows.period_grain,
        windows.period_start,
        windows.is_closed,
        windows.past_kind,
        windows.past_start,
        windows.past_until,
        daily.shop,
        sum(case when windows.part = 'now' then daily.revenue else 0 end) as revenue,
        sum(case when windows.part = 'past' then daily.revenue else 0 end) as past_revenue,
        sum(case when windows.part = 'now' then daily.visits else 0 end) as visits,
        sum(case when windows.part = 'past' then daily.visits else 0 end) as past_visits,
        sum(case when windows.part = 'now' then daily.orders else 0 end) as orders,
        sum(case when windows.part = 'past' then daily.orders else 0 end) as past_orders
    from windows
    inner join begun on windows.past_start >= begun.first_on
    inner join daily on daily.measured_on >= windows.from_on and daily.measured_on < windows.until_on
    group by
        windows.period_grain, windows.period_start, windows.is_closed, windows.past_kind, windows.past_start,
        windows.past_until, daily.shop
),

factors as (
    select
        *,
        case
            when visits > 0 and past_visits > 0 and orders > 0 and past_orders > 0 then 'three_factors'
            when orders > 0 and past_orders > 0 then 'two_factors'
            else 'not_told_apart'
        end as method,
        {{ divide('orders', 'visits') }} as conversion_rate,
        {{ divide('past_orders', 'past_visits') }} as past_conversion_rate,
        {{ divide('revenue', 'orders') }} as order_value,
        {{ divide('past_revenue', 'past_orders') }} as past_order_value
    from summed
)

select * from factors
