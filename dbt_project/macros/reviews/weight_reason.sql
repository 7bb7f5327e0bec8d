{# Why a weight is proposed, as a sentence: of a row of weight_proposals with what it was worked out from. #}
{% macro weight_reason(language) -%}
    {%- set touches, reference = plain_number('round(mean_touches, 2)'), plain_number('reference_touches') -%}
    {%- set points = plain_number('points_per_touch') -%}
    {%- set seen = 'cast(coalesce(touched_conversions, 0) as string)' -%}
    {%- set needed = 'cast(minimum_conversions as string)' -%}
    {%- if language == 'en' -%}
        case status
            when 'retired' then 'The KPI is retired: its weight goes to the other lines.'
            when 'nothing_left' then 'All KPIs of this scorecard are retired: write it anew.'
            when 'thin_evidence' then
                'The evidence is thin, ' || {{ seen }} || ' purchases with touches of ' || {{ needed }}
                || ' needed: the weight follows the rules alone.'
            when 'nurturing' then
                {{ touches }} || ' touches before a purchase (' || {{ seen }} || ' purchases) against ' || {{ reference }}
                || ': each touch more or less moves the weight by ' || {{ points }} || ' points, within the bounds.'
            when 'makes_room' then 'Keeps its proportion to the other lines, so that the scorecard sums to 100.'
            else 'Nothing speaks for a change.'
        end
    {%- else -%}
        case status
            when 'retired' then '该指标已停用，其权重转给其他行。'
            when 'nothing_left' then '该记分卡的指标全部停用，需重新编写。'
            when 'thin_evidence' then
                '依据不足：有触点的购买仅 ' || {{ seen }} || ' 笔（需 ' || {{ needed }} || ' 笔），权重仍按规则。'
            when 'nurturing' then
                '购买前平均 ' || {{ touches }} || ' 个触点（' || {{ seen }} || ' 笔购买），基准为 ' || {{ reference }}
                || '；每多或少一个触点，权重在上下限内增减 ' || {{ points }} || ' 分。'
            when 'makes_room' then '与其他行保持比例，使记分卡合计为 100。'
            else '没有理由调整。'
        end
    {%- endif -%}
{%- endmacro %}
