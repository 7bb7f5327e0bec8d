{#
    First day of the period (day, week, month, quarter, year) that holds a date. Weeks start on Monday;
    quarters and years are the company's own: fiscal_year_start is the month in which its year begins.
#}
{% macro period_start(grain, column) -%}
    {%- if grain not in ('day', 'week', 'month', 'quarter', 'year') -%}
        {{ exceptions.raise_compiler_error(
            "No period grain is called '" ~ grain ~ "': day, week, month, quarter, year"
        ) }}
    {%- endif -%}
    {%- set shift = setting('fiscal_year_start') | int - 1 if grain in ('quarter', 'year') else 0 -%}
    {%- if shift == 0 -%}
        cast(date_trunc('{{ grain }}', {{ column }}) as date)
    {%- else -%}
        cast(date_trunc('{{ grain }}', {{ column }} - interval '{{ shift }}' month) + interval '{{ shift }}' month as date)
    {%- endif -%}
{%- endmacro %}
