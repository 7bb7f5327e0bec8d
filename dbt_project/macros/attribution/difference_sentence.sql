{#
    Which way and by how many points a model (name, share) differs from another (other_name, other_share) on a
    channel, as a sentence; NULL where the comparison is not that of last click with the default model. Shares and
    points are each rounded by themselves, so a reader who subtracts may be off by a tenth.
#}
{% macro difference_sentence(compared, channel, conversion_type, language) -%}
    {%- set share = percent(compared ~ '.share') -%}
    {%- set other = percent(compared ~ '.other_share') -%}
    {%- set points = percent('abs(' ~ compared ~ '.share - ' ~ compared ~ '.other_share)') -%}
    {%- set difference = round_money('100 * (' ~ compared ~ '.share - ' ~ compared ~ '.other_share)', 1) -%}
    case
        when not {{ compared }}.is_last_click_against_default then null
    {%- if language == 'en' %}
        when {{ difference }} = 0
            then {{ conversion_type }} || ': ' || {{ compared }}.name || ' and ' || {{ compared }}.other_name
                || ' agree on ' || {{ channel }} || ' (' || {{ other }} || ' %).'
        else {{ conversion_type }} || ': ' || {{ compared }}.name
            || case when {{ difference }} > 0 then ' flatters ' else ' slights ' end || {{ channel }} || ' by '
            || {{ points }} || ' points (' || {{ share }} || ' %, against ' || {{ other }} || ' % under '
            || {{ compared }}.other_name || ').'
    {%- else %}
        when {{ difference }} = 0
            then {{ conversion_type }} || '：“' || {{ compared }}.name_zh || '”与“' || {{ compared }}.other_name_zh
                || '”对' || {{ channel }} || '的看法一致（' || {{ other }} || '%）。'
        else {{ conversion_type }} || '：“' || {{ compared }}.name_zh || '”'
            || case when {{ difference }} > 0 then '高估' else '低估' end || {{ channel }} || ' ' || {{ points }}
            || ' 个百分点（' || {{ share }} || '%，而“' || {{ compared }}.other_name_zh || '”下为 ' || {{ other }}
            || '%）。'
    {%- endif %}
    end
{%- endmacro %}


{# A fraction as text in percent, to one place. #}
{% macro percent(share) -%}
    cast({{ round_money('100 * ' ~ share, 1) }} as string)
{%- endmacro %}
