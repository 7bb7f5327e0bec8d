{#
    Which way and by how many points a model (name, share) differs from another (other_name, other_share) on a
    channel, as a sentence; NULL where the comparison is not that of last click with the default model. Points are
    told to one place, each share by itself, so that a reader can check the difference to a tenth.
#}
{% macro difference_sentence(compared, channel, conversion_type, language) -%}
    {%- set share = percent(compared ~ '.share') -%}
    {%- set other = percent(compared ~ '.other_share') -%}
    {%- set points = percent('abs(' ~ compared ~ '.share - ' ~ compared ~ '.other_share)') -%}
    {%- set rounded = round_money('100 * (' ~ compared ~ '.share - ' ~ compared ~ '.other_share)', 1) -%}
    case
        when not {{ compared }}.is_last_click_against_default then null
    {%- if language == 'en' %}
        when {{ rounded }} = 0
            then {{ compared }}.name || ' and ' || {{ compared }}.other_name || ' agree on ' || {{ channel }} || ': '
                || {{ other }} || ' % of ' || {{ conversion_type }} || '.'
        when {{ rounded }} > 0
            then {{ compared }}.name || ' flatters ' || {{ channel }} || ' by ' || {{ points }} || ' points: '
                || {{ share }} || ' % of ' || {{ conversion_type }} || ' against ' || {{ other }} || ' % under '
                || {{ compared }}.other_name || '.'
        else {{ compared }}.name || ' slights ' || {{ channel }} || ' by ' || {{ points }} || ' points: '
            || {{ share }} || ' % of ' || {{ conversion_type }} || ' against ' || {{ other }} || ' % under '
            || {{ compared }}.other_name || '.'
    {%- else %}
        when {{ rounded }} = 0
            then '“' || {{ compared }}.name_zh || '”与“' || {{ compared }}.other_name_zh || '”对' || {{ channel }}
                || '的看法一致：均占' || {{ conversion_type }} || '的 ' || {{ other }} || '%。'
        when {{ rounded }} > 0
            then '“' || {{ compared }}.name_zh || '”高估' || {{ channel }} || ' ' || {{ points }} || ' 个百分点：占'
                || {{ conversion_type }} || '的 ' || {{ share }} || '%，而“' || {{ compared }}.other_name_zh
                || '”下为 ' || {{ other }} || '%。'
        else '“' || {{ compared }}.name_zh || '”低估' || {{ channel }} || ' ' || {{ points }} || ' 个百分点：占'
            || {{ conversion_type }} || '的 ' || {{ share }} || '%，而“' || {{ compared }}.other_name_zh
            || '”下为 ' || {{ other }} || '%。'
    {%- endif %}
    end
{%- endmacro %}


{# A fraction as text in percent, to one place. #}
{% macro percent(share) -%}
    cast({{ round_money('100 * ' ~ share, 1) }} as string)
{%- endmacro %}
