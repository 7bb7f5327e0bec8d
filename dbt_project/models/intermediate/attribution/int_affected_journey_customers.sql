-- Grain: one row a customer whose journeys this increment computes anew; none in a build that computes everything.
{% set customers -%}
    select customer_key from {{ changed('fct_touches') }}
    union
    select customer_key from {{ changed('fct_orders') }}
    union
    select customer_key from {{ changed('fct_conversions') }}
{%- endset -%}
with

affected as (
    {% if is_increment() %}
        {{ customers }}
    {% else %}
        select cast(null as string) as customer_key
        where false
    {% endif %}
)

select * from affected
