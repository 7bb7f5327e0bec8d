{# The only division: NULL where the divisor is 0 or either side is NULL, never inf or NaN. A double. #}
{% macro divide(numerator, denominator) -%}
    (cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0))
{%- endmacro %}
