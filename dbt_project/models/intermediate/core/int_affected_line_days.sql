-- Grain: one row a day of order whose lines this increment converts anew; none in a build that computes everything.
{% set orders -%}
    select order_id from {{ changed('stg_order_lines') }}
    union all
    select lines.order_id
    from {{ ref('stg_order_lines') }} as lines
    semi join {{ changed('stg_products') }} as products on lines.product_id = products.product_id
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
