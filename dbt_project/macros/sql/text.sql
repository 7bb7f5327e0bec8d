{# Whether the whole of a text matches a regular expression. #}
{% macro regexp_full_match(column, pattern) -%}
    {{ return(adapter.dispatch('regexp_full_match')(column, pattern)) }}
{%- endmacro %}

{% macro default__regexp_full_match(column, pattern) -%}
    ({{ column }} rlike ('^(?:' || {{ pattern }} || ')$'))
{%- endmacro %}

{% macro duckdb__regexp_full_match(column, pattern) -%}
    regexp_full_match({{ column }}, {{ pattern }})
{%- endmacro %}


{# The text at a path ('$.order_id') of a JSON text; NULL where there is none. #}
{% macro json_text(column, path) -%}
    {{ return(adapter.dispatch('json_text')(column, path)) }}
{%- endmacro %}

{% macro default__json_text(column, path) -%}
    get_json_object({{ column }}, '{{ path }}')
{%- endmacro %}

{% macro duckdb__json_text(column, path) -%}
    json_extract_string({{ column }}, '{{ path }}')
{%- endmacro %}


{# Whether a list like 'visit|ad_click' holds a value; a list of '*' holds any. #}
{% macro list_holds(list, value) -%}
    ({{ list }} = '*' or instr('|' || {{ list }} || '|', '|' || {{ value }} || '|') > 0)
{%- endmacro %}


{# One row a member of a list like 'visit|ad_click'; for a select list: `{{ list_members(x) }} as member`. #}
{% macro list_members(list) -%}
    {{ return(adapter.dispatch('list_members')(list)) }}
{%- endmacro %}

{% macro default__list_members(list) -%}
    explode(split({{ list }}, '[|]'))
{%- endmacro %}

{% macro duckdb__list_members(list) -%}
    unnest(string_split({{ list }}, '|'))
{%- endmacro %}
