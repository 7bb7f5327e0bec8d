{#
    A condition to join effective-dated rules on: the row that holds on the last day before a date (the first day after a
    quarter or month).
#}
{% macro holds_before(rules, first_day_after) -%}
    {{ rules }}.valid_from < {{ first_day_after }}
    and ({{ rules }}.valid_to is null or {{ rules }}.valid_to >= {{ first_day_after }})
{%- endmacro %}
