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


{# A text without the zeros that it begins with. #}
{% macro without_leading_zeros(column) -%}
    regexp_replace({{ column }}, '^0+', '')
{%- endmacro %}


{# What is left of an id once case, blanks and leading zeros are taken away. #}
{% macro folded_id(column) -%}
    {{ without_leading_zeros("replace(lower(" ~ column ~ "), ' ', '')") }}
{%- endmacro %}


{# In what two spellings of one folded id differ. #}
{% macro spelling_difference(one, other) -%}
    case
        when lower({{ one }}) = lower({{ other }}) then 'case'
        when {{ without_leading_zeros(one) }} = {{ without_leading_zeros(other) }} then 'leading zeros'
        when replace({{ one }}, ' ', '') = replace({{ other }}, ' ', '') then 'blanks'
        else 'case, blanks or leading zeros'
    end
{%- endmacro %}
