{# Rounded once, at the public mart: half away from zero on the decimal value, not on its nearest double. #}
{% macro round_money(amount, scale=2) -%}
    cast(round(cast({{ amount }} as decimal(28,10)), {{ scale }}) as decimal(18,{{ scale }}))
{%- endmacro %}


{#
    An amount in the base currency, unrounded: that currency is worth 1 by definition, any other the rate given.
    NULL where there is no rate: such a row is held, never converted at 1.
#}
{% macro to_base(amount, currency, rate) -%}
    ({{ amount }} * case
        when {{ currency }} = '{{ setting('base_currency') }}' then cast(1 as decimal(22,10))
        else {{ rate }}
    end)
{%- endmacro %}
