{# A mart's schema is its folder's, whatever the target: names that BI tools rely on carry no prefix. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro %}
