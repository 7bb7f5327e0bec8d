-- Grain: one row a day of refund whose refunds this increment computes anew; none in a build that computes everything.
{% set orders -%}
    select order_id from {{ changed('stg_orders') }}
    union all
    select order_id from {{ changed('int_order_lines_converted') }}
    union all
    -- A refund is held with its order, which takes the rate of its own day.
    select stg_orders.order_id
    from {{ ref('stg_orders') }} as stg_orders
    semi join {{ changed('int_fx_rates_daily') }} as rates
        on {{ business_day('stg_orders.ordered_at') }} = rates.converted_on
{%- endset -%}
{% set days -%}
    select {{ business_day('refunded_at') }} as affected_on from {{ changed('stg_refunds') }}
    union all
    select {{ business_day('refunds.refunded_at') }} as affected_on
    from {{ ref('stg_refunds') }} as refunds
    semi join ({{ orders }}) as orders on refunds.order_id = orders.order_id
    union all
    select converted_on as affected_on from {{ changed('int_fx_rates_daily') }}
{%- endset -%}
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
