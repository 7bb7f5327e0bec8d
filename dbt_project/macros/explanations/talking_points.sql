{#
    Talking points of a development card (situation, behaviour, impact), of a relation with the columns of
    development_cards' CTE `aimed`. What a diary says is quoted as it was written.
#}
{% macro situation_words(language) -%}
    {%- if language == 'en' -%}
        'In ' || quarter || ', ' || name || ' was ' || {{ measure_text('value', 'unit', 'en') }}
        || coalesce(
            case when value is not null then
                case when previous_value is null then null
                    when value = previous_value then ', as in the quarter before'
                    else ', ' || {{ difference_text('value - previous_value', 'unit', 'en') }}
                        || case when value > previous_value then ' more' else ' less' end || ' than the quarter before'
                end
            end, '')
        || coalesce(
            case when value is not null then
                case when target is null then null
                    when value = target then ' and exactly on target'
                    else ' and ' || {{ difference_text('value - target', 'unit', 'en') }}
                        || case when value > target then ' above' else ' below' end || ' the target of '
                        || {{ measure_text('target', 'unit', 'en') }}
                end
            end, '')
        || '.'
        || coalesce(
            ' The weakest month was ' || {{ month_label('weakest_month_start') }} || ' with '
            || {{ measure_text('weakest_month_value', 'unit', 'en') }} || '.', '')
    {%- else -%}
        quarter || '，' || name_zh || '为 ' || {{ measure_text('value', 'unit', 'zh') }}
        || coalesce(
            case when value is not null then
                case when previous_value is null then null
                    when value = previous_value then '，与上季度持平'
                    else '，较上季度' || case when value > previous_value then '增加 ' else '减少 ' end
                        || {{ difference_text('value - previous_value', 'unit', 'zh') }}
                end
            end, '')
        || coalesce(
            case when value is not null then
                case when target is null then null
                    when value = target then '，正好达到目标'
                    else case when value > target then '，高于' else '，低于' end || '目标 '
                        || {{ measure_text('target', 'unit', 'zh') }} || ' 达 '
                        || {{ difference_text('value - target', 'unit', 'zh') }}
                end
            end, '')
        || '。'
        || coalesce(
            '最弱的月份是 ' || {{ month_label('weakest_month_start') }} || '，为 '
            || {{ measure_text('weakest_month_value', 'unit', 'zh') }} || '。', '')
    {%- endif -%}
{%- endmacro %}


{% macro behaviour_words(language) -%}
    {%- if language == 'en' -%}
        coalesce(
            'On ' || cast(written_on as string) || coalesce(' ' || author_name, ' somebody') || ' noted: "' || entry || '"',
            'The diary has no entry on it in the quarter: ask for an example before judging.'
        )
        || coalesce(
            ' Of what drives it, ' || driver_name || ' lies furthest behind ('
            || case when driver_name is not null then {{ measure_text('driver_value', 'driver_unit', 'en') }} end || ').', '')
    {%- else -%}
        coalesce(
            cast(written_on as string) || coalesce('，' || author_name_zh, '，有人') || '记录：“' || entry || '”',
            '本季度日志中没有相关记录：先请其举例，再作判断。'
        )
        || coalesce(
            '在其驱动指标中，' || driver_name_zh || '落后最多（'
            || case when driver_name is not null then {{ measure_text('driver_value', 'driver_unit', 'zh') }} end || '）。', '')
    {%- endif -%}
{%- endmacro %}


{% macro impact_words(language) -%}
    {%- if language == 'en' -%}
        coalesce(
            'It brought ' || {{ number_text('contribution', 2) }} || ' points to the total, at a weight of '
            || {{ number_text('effective_weight', 1) }} || '.',
            'It brought no points to the total.'
        )
        || coalesce(' It drives ' || parent_name || '.', '')
    {%- else -%}
        coalesce(
            '其为总分贡献 ' || {{ number_text('contribution', 2) }} || ' 分，权重 '
            || {{ number_text('effective_weight', 1) }} || '。',
            '其未为总分贡献分数。'
        )
        || coalesce('它驱动：' || parent_name_zh || '。', '')
    {%- endif -%}
{%- endmacro %}


{# The next stage, in words. #}
{% macro goal_words(language) -%}
    {%- if language == 'en' -%}
        case goal_kind
            when 'none' then 'Agree on a target first.'
            when 'hold' then name || ': hold ' || {{ measure_text('goal_value', 'unit', 'en') }} || ' and help others to it.'
            else name || ': from ' || {{ measure_text('value', 'unit', 'en') }} || ' to '
                || {{ measure_text('goal_value', 'unit', 'en') }}
                || case goal_kind
                    when 'red_flag' then ', out of the red'
                    when 'target' then ', the target'
                    else ', where the best tenth of the role stands'
                end || '.'
        end
    {%- else -%}
        case goal_kind
            when 'none' then '先商定目标。'
            when 'hold' then name_zh || '：保持 ' || {{ measure_text('goal_value', 'unit', 'zh') }} || '，并帮助他人做到。'
            else name_zh || '：从 ' || {{ measure_text('value', 'unit', 'zh') }} || ' 到 '
                || {{ measure_text('goal_value', 'unit', 'zh') }}
                || case goal_kind
                    when 'red_flag' then '，走出红线'
                    when 'target' then '，达到目标'
                    else '，达到同岗位前 10% 的水平'
                end || '。'
        end
    {%- endif -%}
{%- endmacro %}


{# The month of a day as text: 2026-08. #}
{% macro month_label(day) -%}
    substr(cast({{ day }} as string), 1, 7)
{%- endmacro %}
