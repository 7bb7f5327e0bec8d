{# The types of conversion that orders give, one row each; a first purchase is a purchase, too. #}
{% macro conversion_types() -%}
    select 'purchase' as conversion_type
    union all
    select 'first_purchase' as conversion_type
    union all
    select 'repeat_purchase' as conversion_type
{%- endmacro %}
