{# What follows `from fct_conversions` to leave, in an increment, the customers of affected conversions: all of theirs. #}
{% macro of_affected_customers() -%}
    {%- if is_increment() -%}
        where customer_key in (
            select moved.customer_key
            from {{ ref('fct_conversions') }} as moved
            inner join {{ ref('int_affected_conversions') }} as affected
                on moved.conversion_id = affected.conversion_id
        )
    {%- endif -%}
{%- endmacro %}
