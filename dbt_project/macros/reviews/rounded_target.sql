{#
    A target rounded as its rule says: to so many significant digits, with at most so many decimals. A decimal(18,6),
    0 where it rounds to nothing. `rounding` is an expression: nearest, or down or up for a target whose step is held,
    so that rounding takes it no further.
#}
{% macro rounded_target(value, decimals, digits, rounding="'nearest'") -%}
    {%- set scale -%}
        power(10, least({{ decimals }}, {{ digits }} - 1 - floor(log10(abs(nullif({{ value }}, 0))))))
    {%- endset -%}
    {%- set steps = 'round(' ~ value ~ ' * ' ~ scale ~ ', 6)' -%}
    {%- set whole -%}
        case {{ rounding }}
            when 'down' then floor({{ steps }})
            when 'up' then ceil({{ steps }})
            else round({{ steps }})
        end
    {%- endset -%}
    case
        when {{ value }} = 0 then cast(0 as decimal(18, 6))
        else {{ round_money(divide(whole, scale), 6) }}
    end
{%- endmacro %}


{# A number as text, without the zeros that a decimal ends with: 0.14, 7200000. #}
{% macro plain_number(value) -%}
    regexp_replace(cast({{ round_money(value, 6) }} as string), '[.]?0+$', '')
{%- endmacro %}


{#
    A quantile of ranked rows by linear interpolation, an aggregate: `place` counts from 0, `places` is how many there
    are. Unlike percentile_cont it takes a quantile that differs by row.
#}
{% macro quantile_of_ranked(value, quantile, place, places) -%}
    sum({{ value }} * case
        when abs({{ place }} - {{ quantile }} * ({{ places }} - 1)) < 1
            then 1 - abs({{ place }} - {{ quantile }} * ({{ places }} - 1))
        else 0
    end)
{%- endmacro %}
