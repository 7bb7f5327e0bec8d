{# An aggregate: the values of a group as one text, in the order of an expression, parted by a literal without quotes. #}
{% macro ordered_text(value, order_by, separator=', ') -%}
    {{ return(adapter.dispatch('ordered_text')(value, order_by, separator)) }}
{%- endmacro %}

{% macro default__ordered_text(value, order_by, separator) -%}
    array_join(
        transform(
            array_sort(collect_list(struct({{ order_by }} as place, cast({{ value }} as string) as value))),
            one -> one.value
        ),
        '{{ separator }}'
    )
{%- endmacro %}

{% macro duckdb__ordered_text(value, order_by, separator) -%}
    string_agg(cast({{ value }} as string), '{{ separator }}' order by {{ order_by }})
{%- endmacro %}
