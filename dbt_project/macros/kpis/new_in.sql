{# An aggregate over followed observations: how many are an entity's first in the period of that grain. #}
{% macro new_in(grain) -%}
    count(case
        when seen_before_on is null or seen_before_on < {{ period_start(grain, 'measured_on') }} then 1
    end)
{%- endmacro %}
