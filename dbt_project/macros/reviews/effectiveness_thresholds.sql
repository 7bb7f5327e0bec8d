{# A select of one row: thresholds of the seed effectiveness_thresholds, each a column of doubles under its name. #}
{% macro effectiveness_thresholds(names) -%}
    select
        {%- for name in names %}
            cast(max(case when threshold_id = '{{ name }}' then value end) as double) as {{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('effectiveness_thresholds') }}
{%- endmacro %}
