-- Grain: one row a day of order whose orders and lines this increment computes anew; none in a build that computes everything.
{% set orders -%}
    select order_id from {{ changed('int_order_lines_converted') }}
    union all
    select order_id from {{ changed('fct_refunds') }}
    union all
    select order_id from {{ changed('int_order_customers') }}
    union all
    select order_id from {{ changed('int_customer_orders_numbered') }}
    union all
    select order_id from {{ changed('int_orders_incomplete') }}
    union all
    select stg_orders.order_id
    from {{ ref('stg_orders') }} as stg_orders
    semi join {{ changed('dim_shops') }} as shops on coalesce(stg_orders.shop, '(none)') = shops.shop
{%- endset -%}
{% set days -%}
    select {{ business_day('ordered_at') }} as affected_on from {{ changed('stg_orders') }}
    union all
    select {{ business_day('stg_orders.ordered_at') }} as affected_on
    from {{ ref('stg_orders') }} as stg_orders
    semi join ({{ orders }}) as orders on stg_orders.order_id = orders.order_id
    union all
    select converted_on as affected_on from {{ changed('int_fx_rates_daily') }}
{%- endset -%}
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
