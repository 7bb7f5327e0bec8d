{# A number from the md5 of a text, the same on every engine: an order for ties that favours no one. #}
{% macro tie_hash(text) -%}
    {{ return(adapter.dispatch('tie_hash')(text)) }}
{%- endmacro %}

{% macro default__tie_hash(text) -%}
    cast(conv(substr(md5({{ text }}), 1, 15), 16, 10) as bigint)
{%- endmacro %}

{% macro duckdb__tie_hash(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 15) as bigint)
{%- endmacro %}
