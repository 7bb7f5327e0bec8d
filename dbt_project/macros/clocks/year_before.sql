{#
    The same day of the year before, of a period of that grain (an expression): 52 weeks earlier for a week, so that
    Mondays are compared with Mondays; of the 29th of February the 28th.
#}
{% macro year_before(grain, column) -%}
    cast(case
        when {{ grain }} = 'week' then {{ column }} - interval '364' day
        else {{ column }} - interval '12' month
    end as date)
{%- endmacro %}
