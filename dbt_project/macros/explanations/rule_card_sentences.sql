{# How a curve scores, in words, of curve_kind, bands (its bands as text), score_floor and score_cap. #}
{% macro curve_words(language) -%}
    {%- if language == 'en' -%}
        case curve_kind
            when 'range' then 'Attainment is 0 % at the red flag and 100 % at the target. '
            when 'binary' then 'Attainment is 100 % where the target is met, else 0 %. '
            when 'ratio_to_target' then {{ ratio_words('en') }}
            when 'target_range' then 'Attainment is value / target, and both too little and too much is bad. '
            when 'piecewise' then {{ ratio_words('en') }}
            else curve_name || '. '
        end
        || 'Points by attainment: ' || bands || '; never below ' || {{ quantity_text('score_floor') }} || ' or above '
        || {{ quantity_text('score_cap') }} || '.'
    {%- else -%}
        case curve_kind
            when 'range' then '红线处达成度为 0%，目标处为 100%。'
            when 'binary' then '达到目标为 100%，否则为 0%。'
            when 'ratio_to_target' then {{ ratio_words('zh') }}
            when 'target_range' then '达成度 = 实际 / 目标，过低与过高均不佳。'
            when 'piecewise' then {{ ratio_words('zh') }}
            else curve_name_zh || '。'
        end
        || '达成度与得分：' || bands_zh || '；不低于 ' || {{ quantity_text('score_floor') }} || ' 分，不高于 '
        || {{ quantity_text('score_cap') }} || ' 分。'
    {%- endif -%}
{%- endmacro %}


{% macro ratio_words(language) -%}
    {%- if language == 'en' -%}
        case
            when direction = 'lower' then 'Less is better: attainment is target / value. '
            else 'Attainment is value / target. '
        end
    {%- else -%}
        case when direction = 'lower' then '越低越好：达成度 = 目标 / 实际。' else '达成度 = 实际 / 目标。' end
    {%- endif -%}
{%- endmacro %}


{# One band of a curve as text: 0 % to 100 %: 60 to 90. #}
{% macro band_words(language) -%}
    {{ percent_text('attainment_from', language) }} || '{{ ' to ' if language == 'en' else ' 至 ' }}'
    || {{ percent_text('attainment_to', language) }} || '{{ ': ' if language == 'en' else '：' }}'
    || {{ quantity_text('score_from') }} || '{{ ' to ' if language == 'en' else ' 至 ' }}'
    || {{ quantity_text('score_to') }}
{%- endmacro %}


{# When a line counts: period, sample, and what happens without a score. #}
{% macro counting_words(language) -%}
    {%- if language == 'en' -%}
        'It counts for each month and each fiscal quarter, from a sample of '
        || cast(minimum_sample as string) || '. '
        || case missing_policy
            when 'wait' then 'Without a score the scorecard waits.'
            when 'redistribute' then 'Without a score its weight goes to the other lines.'
            when 'zero' then 'Without a value it counts 0; for any other reason it waits.'
            else 'Without a score: ' || missing_policy || '.'
        end
    {%- else -%}
        '按月度与财季计算，样本量至少 ' || cast(minimum_sample as string) || '。'
        || case missing_policy
            when 'wait' then '无得分时记分卡等待。'
            when 'redistribute' then '无得分时权重分配给其他指标。'
            when 'zero' then '无数据计 0 分；其他原因则等待。'
            else '无得分时：' || missing_policy || '。'
        end
    {%- endif -%}
{%- endmacro %}


{# The whole card line as one text. #}
{% macro rule_card_sentence(language) -%}
    {%- if language == 'en' -%}
        kpi_name || ' (' || case when measured_for = 'own' then 'your own' else 'of your ' || measured_for end
        || ') makes ' || {{ quantity_text('weight') }} || ' of 100 of your scorecard. ' || definition || ' '
        || coalesce(
            'Target: ' || case when target is not null then {{ measure_text('target', 'unit', 'en') }} end
            || coalesce(
                ', red flag: ' || case when red_flag is not null then {{ measure_text('red_flag', 'unit', 'en') }} end,
                ''
            ) || case when may_be_set_by_owner then ', unless one is set for you or your team. ' else '. ' end,
            'The target is set for the owner. '
        )
        || how || ' ' || counts_when || ' Data: ' || source || '.'
    {%- else -%}
        kpi_name_zh || '（'
        || case measured_for
            when 'own' then '本人'
            when 'team' then '所在团队'
            when 'department' then '所在部门'
            when 'company' then '公司'
            else measured_for
        end
        || '）占记分卡 ' || {{ quantity_text('weight') }} || ' / 100。' || definition_zh
        || coalesce(
            '目标：' || case when target is not null then {{ measure_text('target', 'unit', 'zh') }} end
            || coalesce(
                '，红线：' || case when red_flag is not null then {{ measure_text('red_flag', 'unit', 'zh') }} end, ''
            ) || case when may_be_set_by_owner then '（本人或团队另有设定的除外）。' else '。' end,
            '目标按责任人分别设定。'
        )
        || how_zh || counts_when_zh || '数据来源：' || source || '。'
    {%- endif -%}
{%- endmacro %}
