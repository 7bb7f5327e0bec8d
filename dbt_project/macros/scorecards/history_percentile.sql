{# An aggregate: the percentile (0 to 1) of a group's doubles, between two values by its distance to them. #}
{% macro history_percentile(value, share) -%}
    {{ return(adapter.dispatch('history_percentile')(value, share)) }}
{%- endmacro %}

{% macro default__history_percentile(value, share) -%}
    percentile({{ value }}, {{ share }})
{%- endmacro %}

{% macro duckdb__history_percentile(value, share) -%}
    quantile_cont({{ value }}, {{ share }})
{%- endmacro %}
