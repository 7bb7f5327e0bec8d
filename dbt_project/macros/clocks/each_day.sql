{# One row a day from the first to the last, both included; for a select list: `{{ each_day(a, b) }} as date_on`. #}
{% macro each_day(first_on, last_on) -%}
    {{ return(adapter.dispatch('each_day')(first_on, last_on)) }}
{%- endmacro %}

{% macro default__each_day(first_on, last_on) -%}
    explode(sequence({{ first_on }}, {{ last_on }}, interval '1' day))
{%- endmacro %}

{% macro duckdb__each_day(first_on, last_on) -%}
    cast(unnest(generate_series(
        cast({{ first_on }} as timestamp), cast({{ last_on }} as timestamp), interval '1' day
    )) as date)
{%- endmacro %}
