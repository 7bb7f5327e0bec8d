{# Seconds from one instant to another, a double exact to the microsecond; negative where they go back. #}
{% macro seconds_between(earlier, later) -%}
    {{ return(adapter.dispatch('seconds_between')(earlier, later)) }}
{%- endmacro %}

{% macro default__seconds_between(earlier, later) -%}
    (cast(unix_micros({{ later }}) - unix_micros({{ earlier }}) as double) / 1000000)
{%- endmacro %}

{% macro duckdb__seconds_between(earlier, later) -%}
    (cast(epoch_us({{ later }}) - epoch_us({{ earlier }}) as double) / 1000000)
{%- endmacro %}


{# Hours from one instant to another as a double. #}
{% macro hours_between(earlier, later) -%}
    ({{ seconds_between(earlier, later) }} / 3600)
{%- endmacro %}


{# An instant some seconds (a column or number) after another. #}
{% macro seconds_after(column, seconds) -%}
    ({{ column }} + {{ seconds }} * interval '1' second)
{%- endmacro %}
