{# Of a row with value and gap_units (100 of a fraction, for percentage points): the value less a reference. #}
{% macro gap(reference) -%}
    round((value - {{ reference }}) * gap_units, 9)
{%- endmacro %}


{# The same in percent of the reference, whatever its sign; NULL where that is 0. #}
{% macro gap_percent(reference) -%}
    round(100 * {{ divide('value - ' ~ reference, 'abs(' ~ reference ~ ')') }}, 9)
{%- endmacro %}


{# Whether the value of a row with direction is better than a reference; NULL without one. #}
{% macro is_better_than(reference) -%}
    case direction when 'higher' then value > {{ reference }} when 'lower' then value < {{ reference }} end
{%- endmacro %}


{# Whether it is at least as good. #}
{% macro is_met(reference) -%}
    case direction when 'higher' then value >= {{ reference }} when 'lower' then value <= {{ reference }} end
{%- endmacro %}
