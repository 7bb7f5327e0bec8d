{#
    The sum of doubles, the same in whatever order the engine adds them: to fifteen places, as decimals. A sum of
    doubles as such may differ in its last digit from one build to the next. `over` makes it a window's.
#}
{% macro exact_sum(value, over='') -%}
    cast(sum(cast({{ value }} as decimal(38, 15))) {{ over }} as double)
{%- endmacro %}
