{#
    A number as people write it: thousands parted by commas, so many decimals, rounded half away from zero. NULL
    stays NULL; what no decimal of 18 places holds is not written out.
#}
{% macro number_text(value, digits=2) -%}
    case
        when abs({{ value }}) < 1000000000000000 then {{ grouped_digits(round_money(value, digits), digits) }}
        when {{ value }} is not null then '(> 10^15)'
    end
{%- endmacro %}


{# A decimal with its thousands parted by commas. #}
{% macro grouped_digits(amount, digits) -%}
    {{ return(adapter.dispatch('grouped_digits')(amount, digits)) }}
{%- endmacro %}

{% macro default__grouped_digits(amount, digits) -%}
    format_number({{ amount }}, {{ digits }})
{%- endmacro %}

{% macro duckdb__grouped_digits(amount, digits) -%}
    format('{:,.{{ digits }}f}', cast({{ amount }} as double))
{%- endmacro %}


{# A count or an amount: whole where it is whole, else with two decimals. #}
{% macro quantity_text(value) -%}
    case when {{ value }} = floor({{ value }}) then {{ number_text(value, 0) }} else {{ number_text(value, 2) }} end
{%- endmacro %}


{# A fraction in percent, to one place; with_sign: a difference in percentage points. #}
{% macro percent_text(share, language='en') -%}
    {{ number_text('(100 * ' ~ share ~ ')', 1) }} || '{{ ' %' if language == 'en' else '%' }}'
{%- endmacro %}


{#
    A KPI's value in its unit (an expression of kpi_catalog.unit): shares in percent, money with its currency, hours as
    hours. A unit that is not known here is written behind the number.
#}
{% macro measure_text(value, unit, language) -%}
    {%- set units = {
        'ratio': (2, '', ''),
        'count': (0, '', ''),
        'index': (2, '', ''),
        'hours': (1, ' hours', ' 小时'),
        'hours_per_year': (1, ' hours a year', ' 小时/年'),
        'seconds': (1, ' seconds', ' 秒'),
        'days': (1, ' days', ' 天'),
        'points': (1, ' points', ' 分'),
    } -%}
    case
        when {{ value }} is null then '{{ 'no value' if language == 'en' else '无数据' }}'
        when {{ unit }} = 'fraction' then {{ percent_text(value, language) }}
        when {{ unit }} = 'base_currency' then {{ number_text(value, 2) }} || ' {{ setting('base_currency') }}'
    {%- for name, written in units.items() %}
        when {{ unit }} = '{{ name }}'
            then {{ number_text(value, written[0]) }} || '{{ written[1] if language == 'en' else written[2] }}'
    {%- endfor %}
        else {{ number_text(value, 2) }} || ' ' || replace({{ unit }}, '_', ' ')
    end
{%- endmacro %}


{# The difference of two values of one unit: of shares in percentage points, never in percent. #}
{% macro difference_text(value, unit, language) -%}
    case
        when {{ unit }} = 'fraction'
            then {{ number_text('(100 * abs(' ~ value ~ '))', 1) }}
                || '{{ ' percentage points' if language == 'en' else ' 个百分点' }}'
        else {{ measure_text('abs(' ~ value ~ ')', unit, language) }}
    end
{%- endmacro %}


{# The label of a fiscal quarter by its first day: '2026-Q3', the year being that in which the fiscal year begins. #}
{% macro quarter_label(period_start) -%}
    {%- set shifted = '(' ~ period_start ~ " - interval '" ~ (setting('fiscal_year_start') | int - 1) ~ "' month)" -%}
    cast(extract(year from {{ shifted }}) as string) || '-Q' || cast(extract(quarter from {{ shifted }}) as string)
{%- endmacro %}
