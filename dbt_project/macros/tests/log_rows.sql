{# Says the rows of a select in the run's own output: a failed test by itself says only how many there are. #}
{% macro log_rows(title, sql) -%}
    {%- if execute and flags.WHICH in ('build', 'test') -%}
        {%- for row in run_query(sql).rows -%}
            {%- do log(title ~ ': ' ~ row.values() | join(': '), info=True) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
