{#
    A ratio of decimals, rounded once, half away from zero, as a decimal of `scale` places. A double guesses the last
    place, and what is left of the numerator, an exact decimal, corrects it: half a cent is half a cent. The numerator
    is not negative and the denominator a whole number above 0; both are columns, since each is written several times.
#}
{% macro decimal_ratio(numerator, denominator, scale=2) -%}
    {%- set units = 10 ** scale -%}
    {%- set quotient = divide(numerator, denominator) -%}
    {%- set guess = 'cast(round(' ~ quotient ~ ' * ' ~ units ~ ') as decimal(18, 0))' -%}
    {%- set rest = '(' ~ numerator ~ ' * ' ~ units ~ ' - ' ~ guess ~ ' * ' ~ denominator ~ ')' -%}
    {%- set corrected -%}
        {{ guess }} + case
            when 2 * {{ rest }} >= {{ denominator }} then 1
            when 2 * {{ rest }} < -{{ denominator }} then -1
            else 0
        end
    {%- endset -%}
    {%- set type = 'decimal(18, ' ~ scale ~ ')' -%}
    cast(({{ corrected }}) * cast({{ '%.*f' | format(scale, 1 / units) }} as {{ type }}) as {{ type }})
{%- endmacro %}
