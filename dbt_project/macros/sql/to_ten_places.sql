{#
    A double rounded to ten places: the mean of 0.41 over 90 days is 0.41 again, and not the double next to it that
    multiplying and dividing leave.
#}
{% macro to_ten_places(value) -%}
    cast(cast({{ value }} as decimal(28, 10)) as double)
{%- endmacro %}
