{#
    The two clocks, UTC, set by whoever starts dbt. They are read at execution only: an environment variable
    read while parsing would make every change of a clock parse the whole project again.
#}
{% macro clock(name) -%}
    {%- if execute -%}
        {%- set instant = env_var(name, '') -%}
        {%- set form = '[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?' -%}
        {%- if not modules.re.fullmatch(form, instant) -%}
            {{ exceptions.raise_compiler_error(
                name ~ " must be an instant in UTC like '2026-07-31 16:00:00', not '" ~ instant
                ~ "'. No model calls the clock: `steelyard run` sets it, or set it in the environment."
            ) }}
        {%- endif -%}
        timestamp '{{ instant }}'
    {%- else -%}
        timestamp '2000-01-01 00:00:00'
    {%- endif -%}
{%- endmacro %}


{# Event time: facts after this instant are not read. #}
{% macro as_of() -%}
    {{ clock('STEELYARD_AS_OF') }}
{%- endmacro %}


{# Arrival: rows of files exported after this instant are not read. #}
{% macro known_until() -%}
    {{ clock('STEELYARD_KNOWN_UNTIL') }}
{%- endmacro %}


{# A lifecycle instant that lies after as_of has not happened yet: NULL. #}
{% macro until_as_of(column) -%}
    case when {{ column }} <= {{ as_of() }} then {{ column }} end
{%- endmacro %}


{# Whether the fact of an instant, or of a day that has begun in business_timezone, is not after as_of. #}
{% macro happened_by_as_of(column, data_type) -%}
    {%- if data_type == 'date' -%}
        cast({{ column }} as timestamp) < {{ business_time(as_of()) }}
    {%- else -%}
        {{ column }} <= {{ as_of() }}
    {%- endif -%}
{%- endmacro %}
