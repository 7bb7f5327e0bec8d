{#
    How a KPI moved from one week to the next, as a sentence: a fraction by percentage points, anything else by percent,
    never both. `moved` has name, name_zh, unit, direction, value, previous_value and relative_change.
#}
{% macro movement_sentence(moved, language) -%}
    {%- set value = value_text(moved ~ '.value', moved ~ '.unit') -%}
    {%- set previous = value_text(moved ~ '.previous_value', moved ~ '.unit') -%}
    {%- set points = percent('abs(' ~ moved ~ '.value - ' ~ moved ~ '.previous_value)') -%}
    {%- set share = percent('abs(' ~ moved ~ '.relative_change)') -%}
    {%- set is_better = '(' ~ moved ~ ".relative_change > 0) = (" ~ moved ~ ".direction = 'higher')" -%}
    {%- if language == 'en' -%}
        {{ moved }}.name || case when {{ moved }}.relative_change > 0 then ' rose' else ' fell' end || ' from '
        || {{ previous }} || ' to ' || {{ value }} || ' ('
        || case when {{ moved }}.unit = 'fraction' then {{ points }} || ' points' else {{ share }} || ' %' end
        || case when {{ is_better }} then ', better).' else ', worse).' end
    {%- else -%}
        {{ moved }}.name_zh || '由 ' || {{ previous }}
        || case when {{ moved }}.relative_change > 0 then ' 升至 ' else ' 降至 ' end || {{ value }} || '（'
        || case when {{ moved }}.unit = 'fraction' then {{ points }} || ' 个百分点' else {{ share }} || '%' end
        || case when {{ is_better }} then '，向好）。' else '，转差）。' end
    {%- endif -%}
{%- endmacro %}
