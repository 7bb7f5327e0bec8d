-- One row per period, past and shop, and the company's. Parts add up to the change, shops to the company; pasts do not.
with

factors as (
    select * from {{ ref('int_revenue_factors') }}
),

-- Shapley's value of each factor: its change times what the others make of it, in the mean of all orders in which the
-- factors may have changed (Shorrocks 2013, Journal of Economic Inequality 11: 99-126). It treats the factors alike,
-- needs no logarithm and leaves nothing over. Where no visits are known, the number of orders is one factor, under
-- other; where a period has no order, all of the change is.
shared as (
    select
        *,
        case when method = 'three_factors' then (visits - past_visits) * (
            (conversion_rate * order_value + past_conversion_rate * past_order_value) / 3
            + (conversion_rate * past_order_value + past_conversion_rate * order_value) / 6
        ) end as traffic_change,
        case when method = 'three_factors' then (conversion_rate - past_conversion_rate) * (
            (visits * order_value + past_visits * past_order_value) / 3
            + (visits * past_order_value + past_visits * order_value) / 6
        ) end as conversion_change,
        case method
            when 'three_factors'
                then (order_value - past_order_value) * (
                    (cast(orders as double) + past_orders) / 3
                    + (visits * past_conversion_rate + past_visits * conversion_rate) / 6
                )
            when 'two_factors' then (order_value - past_order_value) * (orders + past_orders) / 2
        end as order_value_change,
        case
            when method = 'two_factors' then (orders - past_orders) * (order_value + past_order_value) / 2
            when method = 'not_told_apart' then cast(revenue - past_revenue as double)
        end as other_change
    from factors
),

rounded as (
    select
        period_grain,
        period_start,
        is_closed,
        past_kind,
        past_start,
        past_until,
        shop,
        method,
        revenue,
        past_revenue,
        visits,
        past_visits,
        orders,
        past_orders,
        {{ round_money('traffic_change') }} as traffic_change,
        {{ round_money('conversion_change') }} as conversion_change,
        {{ round_money('order_value_change') }} as order_value_change,
        {{ round_money('other_change') }} as other_change
    from shared
),

sized as (
    select
        *,
        revenue - past_revenue - coalesce(traffic_change, 0) - coalesce(conversion_change, 0)
        - coalesce(order_value_change, 0) - coalesce(other_change, 0) as cents_left,
        case
            when abs(traffic_change) >= greatest(abs(conversion_change), abs(order_value_change))
                then 'traffic'
            when abs(conversion_change) >= abs(order_value_change) then 'conversion'
            when abs(other_change) > coalesce(abs(order_value_change), 0) then 'other'
            else 'order_value'
        end as largest
    from rounded
),

-- The cents that rounding leaves go to the part that is largest, the first of equals.
settled as (
    select
        *,
        traffic_change + case when largest = 'traffic' then cents_left else 0 end as settled_traffic,
        conversion_change + case when largest = 'conversion' then cents_left else 0 end as settled_conversion,
        order_value_change
        + case when largest = 'order_value' then cents_left else 0 end as settled_order_value,
        other_change + case when largest = 'other' then cents_left else 0 end as settled_other
    from sized
),

united as (
    select
        period_grain,
        period_start,
        is_closed,
        past_kind,
        past_start,
        past_until,
        'shop' as scope,
        shop,
        method,
        revenue,
        past_revenue,
        settled_traffic as traffic_change,
        settled_conversion as conversion_change,
        settled_order_value as order_value_change,
        settled_other as other_change,
        visits,
        past_visits,
        orders,
        past_orders
    from settled
    union all
    select
        period_grain,
        period_start,
        is_closed,
        past_kind,
        past_start,
        past_until,
        'company' as scope,
        '(all)' as shop,
        'sum_of_shops' as method,
        sum(revenue) as revenue,
        sum(past_revenue) as past_revenue,
        sum(settled_traffic) as traffic_change,
        sum(settled_conversion) as conversion_change,
        sum(settled_order_value) as order_value_change,
        sum(settled_other) as other_change,
        sum(visits) as visits,
        sum(past_visits) as past_visits,
        sum(orders) as orders,
        sum(past_orders) as past_orders
    from settled
    group by period_grain, period_start, is_closed, past_kind, past_start, past_until
),

typed as (
    select
        period_grain,
        period_start,
        is_closed,
        past_kind,
        past_start,
        past_until,
        scope,
        shop,
        method,
        cast(revenue as decimal(18, 2)) as revenue,
        cast(past_revenue as decimal(18, 2)) as past_revenue,
        cast(revenue - past_revenue as decimal(18, 2)) as revenue_change,
        cast(traffic_change as decimal(18, 2)) as traffic_change,
        cast(conversion_change as decimal(18, 2)) as conversion_change,
        cast(order_value_change as decimal(18, 2)) as order_value_change,
        cast(other_change as decimal(18, 2)) as other_change,
        cast(visits as bigint) as visits,
        cast(past_visits as bigint) as past_visits,
        cast(orders as bigint) as orders,
        cast(past_orders as bigint) as past_orders
    from united
)

select * from typed
