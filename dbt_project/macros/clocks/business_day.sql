{# A UTC instant as the wall clock of business_timezone shows it (a timestamp without zone). #}
{% macro business_time(column) -%}
    {{ return(adapter.dispatch('business_time')(column)) }}
{%- endmacro %}

{% macro default__business_time(column) -%}
    from_utc_timestamp({{ column }}, '{{ setting('business_timezone') }}')
{%- endmacro %}

{% macro duckdb__business_time(column) -%}
    ({{ column }} at time zone 'UTC' at time zone '{{ setting('business_timezone') }}')
{%- endmacro %}


{# The day of business_timezone on which a UTC instant falls. #}
{% macro business_day(column) -%}
    cast({{ business_time(column) }} as date)
{%- endmacro %}
