{# A value of a KPI as text, by its unit: a fraction in percent to one place, anything else to two. #}
{% macro value_text(value, unit) -%}
    case
        when {{ unit }} = 'fraction' then {{ percent(value) }} || ' %'
        else cast({{ round_money(value) }} as string)
    end
{%- endmacro %}
