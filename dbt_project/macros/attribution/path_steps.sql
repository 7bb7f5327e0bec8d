{# The channels of a path like 'a > b > a' with their places, from 1: for a select list, one row a step. #}
{% macro path_steps(path) -%}
    {{ return(adapter.dispatch('path_steps')(path)) }}
{%- endmacro %}

{% macro default__path_steps(path) -%}
    posexplode(split('|' || replace({{ path }}, ' > ', '|'), '[|]')) as (step, channel)
{%- endmacro %}

{% macro duckdb__path_steps(path) -%}
    generate_subscripts(string_split({{ path }}, ' > '), 1) as step,
    unnest(string_split({{ path }}, ' > ')) as channel
{%- endmacro %}
