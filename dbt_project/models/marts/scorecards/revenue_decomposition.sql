{%- set period = ['period_grain', 'period_start', 'is_closed', 'past_kind', 'past_start', 'past_until'] -%}
{%- set sums = ['revenue', 'past_revenue', 'visits', 'past_visits', 'orders', 'past_orders'] -%}
{%- set parts = ['traffic_change', 'conversion_change', 'order_value_change', 'other_change'] -%}
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
        {% for column in period + sums %}{{ column }}, {% endfor %}
        shop,
        method,
        case when method = 'three_factors' then (visits - past_visits) * (
            (conversion_rate * order_value + past_conversion_rate * past_order_value) / 3
            + (conversion_rate * past_order_value + past_conversion_rate * order_value) / 6
        ) end as traffic_change,
        case when method = 'three_factors' then (conversion_rate - past_conversion_rate) * (
            (visits * order_value + past_visits * past_order_value) / 3
            + (visits * past_order_value + past_visits * order_value) / 6
        ) end as conversion_change,
        case method
            when 'three_factors' then (order_value - past_order_value) * (
                (visits * conversion_rate + past_visits * past_conversion_rate) / 3
                + (visits * past_conversion_rate + past_visits * conversion_rate) / 6
            )
            when 'two_factors' then (order_value - past_order_value) * (orders + past_orders) / 2
        end as order_value_change,
        case method
            when 'two_factors' then (orders - past_orders) * (order_value + past_order_value) / 2
            when 'not_told_apart' then cast(revenue - past_revenue as double)
        end as other_change
    from factors
),

rounded as (
    select
        {% for column in period + sums %}{{ column }}, {% endfor %}
        shop,
        method
        {%- for part in parts %},
        {{ round_money(part) }} as {{ part }}
        {%- endfor %}
    from shared
),

-- The cents that rounding leaves go to the part that is largest, the first of equals.
sized as (
    select
        *,
        revenue - past_revenue{% for part in parts %} - coalesce({{ part }}, 0){% endfor %} as cents_left,
        greatest({% for part in parts %}coalesce(abs({{ part }}), 0){{ ', ' if not loop.last }}{% endfor %}) as largest
    from rounded
),

settled as (
    select
        {% for column in period + sums %}{{ column }}, {% endfor %}
        shop,
        method
        {%- for part in parts %},
        {{ part }} + case
            when abs({{ part }}) = largest{% for earlier in parts[:loop.index0] %}
                and coalesce(abs({{ earlier }}), -1) < largest{% endfor %} then cents_left
            else 0
        end as {{ part }}
        {%- endfor %}
    from sized
),

united as (
    select
        {% for column in period %}{{ column }}, {% endfor %}
        'shop' as scope,
        {% for column in sums + parts %}{{ column }}, {% endfor %}
        shop,
        method
    from settled
    union all
    select
        {% for column in period %}{{ column }}, {% endfor %}
        'company' as scope,
        {% for column in sums + parts %}sum({{ column }}) as {{ column }}, {% endfor %}
        '(all)' as shop,
        'sum_of_shops' as method
    from settled
    group by {{ period | join(', ') }}
),

typed as (
    select
        {% for column in period %}{{ column }}, {% endfor %}
        scope,
        shop,
        method,
        cast(revenue as decimal(18, 2)) as revenue,
        cast(past_revenue as decimal(18, 2)) as past_revenue,
        cast(revenue - past_revenue as decimal(18, 2)) as revenue_change,
        {%- for part in parts %}
        cast({{ part }} as decimal(18, 2)) as {{ part }},
        {%- endfor %}
        cast(visits as bigint) as visits,
        cast(past_visits as bigint) as past_visits,
        cast(orders as bigint) as orders,
        cast(past_orders as bigint) as past_orders
    from united
)

select * from typed
