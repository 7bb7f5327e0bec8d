{# A value held between two bounds, neither NULL. NULL stays NULL: greatest and least would make a score of it. #}
{% macro clamp(value, lowest, highest) -%}
    (case
        when {{ value }} is null then null
        when {{ value }} < {{ lowest }} then {{ lowest }}
        when {{ value }} > {{ highest }} then {{ highest }}
        else {{ value }}
    end)
{%- endmacro %}
