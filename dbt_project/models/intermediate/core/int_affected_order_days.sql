-- Grain: one row a day of order whose orders and lines this increment computes anew; none in a build that computes everything.
-- depends_on: {{ ref('stg_orders') }}
-- depends_on: {{ ref('int_order_lines_converted') }}
-- depends_on: {{ ref('fct_refunds') }}
-- depends_on: {{ ref('int_order_customers') }}
-- depends_on: {{ ref('int_customer_orders_numbered') }}
-- depends_on: {{ ref('int_orders_incomplete') }}
-- depends_on: {{ ref('dim_shops') }}
-- depends_on: {{ ref('int_fx_rates_daily') }}
with

{% if is_increment() -%}
    orders as (
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
    ),

    days as (
        select {{ business_day('ordered_at') }} as affected_on from {{ changed('stg_orders') }}
        union all
        select {{ business_day('stg_orders.ordered_at') }} as affected_on
        from {{ ref('stg_orders') }} as stg_orders
        semi join orders on stg_orders.order_id = orders.order_id
        union all
        select converted_on as affected_on from {{ changed('int_fx_rates_daily') }}
    ),

    affected as (
        select distinct affected_on from days
    )

{%- else -%}
    affected as (
        select cast(null as date) as affected_on
        where false
    )
{%- endif %}

select * from affected
