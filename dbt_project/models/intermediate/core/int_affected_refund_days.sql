-- Grain: one row a day of refund whose refunds this increment computes anew; none in a build that computes everything.
-- depends_on: {{ ref('stg_orders') }}
-- depends_on: {{ ref('stg_refunds') }}
-- depends_on: {{ ref('int_order_lines_converted') }}
-- depends_on: {{ ref('int_fx_rates_daily') }}
with

{% if is_increment() -%}
    orders as (
        select order_id from {{ changed('stg_orders') }}
        union all
        select order_id from {{ changed('int_order_lines_converted') }}
        union all
        -- A refund is held with its order, which takes the rate of its own day.
        select stg_orders.order_id
        from {{ ref('stg_orders') }} as stg_orders
        semi join {{ changed('int_fx_rates_daily') }} as rates
            on {{ business_day('stg_orders.ordered_at') }} = rates.converted_on
    ),

    days as (
        select {{ business_day('refunded_at') }} as affected_on from {{ changed('stg_refunds') }}
        union all
        select {{ business_day('refunds.refunded_at') }} as affected_on
        from {{ ref('stg_refunds') }} as refunds
        semi join orders on refunds.order_id = orders.order_id
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
