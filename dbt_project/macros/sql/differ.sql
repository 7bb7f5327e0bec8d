{# Whether two values differ, NULL being a value like others: true or false, never NULL. #}
{% macro differ(one, other) -%}
    coalesce({{ one }} <> {{ other }}, ({{ one }} is null) <> ({{ other }} is null))
{%- endmacro %}
