{# A double that is a number: NaN and the infinities, which compare as larger than all, become NULL. #}
{% macro finite(value) -%}
    (case when abs({{ value }}) <= 1.7976931348623157e308 then {{ value }} end)
{%- endmacro %}
