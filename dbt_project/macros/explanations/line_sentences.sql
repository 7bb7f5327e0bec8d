{#
    What a manager would say about one line of a scorecard, of a relation with the columns of int_explained_lines.
    Whatever text people typed (names) is passed through as it is.
#}
{% macro line_sentence(language) -%}
    {{ line_measured(language) }} || {{ line_scored(language) }}
{%- endmacro %}


{# Whose value counts: the employee's own, or that of a unit by its name. #}
{% macro whose(language) -%}
    {%- if language == 'en' -%}
        case when measured_owner_kind = 'employee' then 'own' else measured_owner_kind || ' ' || measured_name end
    {%- else -%}
        case measured_owner_kind
            when 'employee' then '本人'
            when 'team' then '团队 ' || measured_name_zh
            when 'department' then '部门 ' || measured_name_zh
            when 'company' then '公司 ' || measured_name_zh
            else measured_name_zh
        end
    {%- endif -%}
{%- endmacro %}


{# Value, target and who approved it. #}
{% macro line_measured(language) -%}
    {%- if language == 'en' -%}
        name || ' (' || {{ whose('en') }} || '): ' || {{ measure_text('value', 'unit', 'en') }}
        || case
            when numerator is not null and denominator is not null
                then ' (' || {{ quantity_text('numerator') }} || ' / ' || {{ quantity_text('denominator') }} || ')'
            else ''
        end
        || case
            when target is null then ', no target'
            else ', target ' || {{ measure_text('target', 'unit', 'en') }}
        end
        || case
            when red_flag is null then '' else ', red flag ' || {{ measure_text('red_flag', 'unit', 'en') }}
        end
        || case
            when approved_by is null then ''
            else ', approved by ' || approved_by
                || coalesce(' on ' || cast(cast(approved_at as date) as string), '')
        end
        || '. '
    {%- else -%}
        name_zh || '（' || {{ whose('zh') }} || '）：' || {{ measure_text('value', 'unit', 'zh') }}
        || case
            when numerator is not null and denominator is not null
                then '（' || {{ quantity_text('numerator') }} || ' / ' || {{ quantity_text('denominator') }} || '）'
            else ''
        end
        || case
            when target is null then '，无目标值'
            else '，目标 ' || {{ measure_text('target', 'unit', 'zh') }}
        end
        || case
            when red_flag is null then '' else '，红线 ' || {{ measure_text('red_flag', 'unit', 'zh') }}
        end
        || case
            when approved_by is null then ''
            else '，由 ' || approved_by || coalesce(' 于 ' || cast(cast(approved_at as date) as string), '') || ' 批准'
        end
        || '。'
    {%- endif -%}
{%- endmacro %}


{# Attainment, curve, score, weight and contribution; or why there is none and what was done about it. #}
{% macro line_scored(language) -%}
    {%- set points = number_text('score', 2) -%}
    {%- set weight = number_text('effective_weight', 1) -%}
    {%- set brings = number_text('contribution', 2) -%}
    {%- if language == 'en' -%}
        case
            when score is null
                then 'No score, since ' || {{ line_status_words('en') }} || ': '
                    || case applied_policy
                        when 'redistribute' then 'its weight of ' || {{ number_text('weight', 1) }}
                            || ' goes to the lines that have a score.'
                        else 'the line waits, and the scorecard is not final.'
                    end
            when applied_policy = 'zero'
                then 'Nothing was shown for it, which this scorecard counts as 0 points of a weight of '
                    || {{ weight }} || '.'
            else
                case
                    when attainment is null then 'Nothing can be better here: '
                    else 'Attainment ' || {{ percent_text('attainment', 'en') }} || ', on the curve "'
                        || curve_name || '": '
                end
                || {{ points }} || ' points; a weight of ' || {{ weight }} || ' makes that ' || {{ brings }}
                || ' points of the total.'
                || case
                    when status in ('scored', 'zero_value') then ''
                    else ' Note: ' || {{ line_status_words('en') }} || '.'
                end
        end
    {%- else -%}
        case
            when score is null
                then '因' || {{ line_status_words('zh') }} || '，不予评分：'
                    || case applied_policy
                        when 'redistribute' then '其权重 ' || {{ number_text('weight', 1) }} || ' 分配给已评分的指标。'
                        else '该项等待中，记分卡尚未定稿。'
                    end
            when applied_policy = 'zero'
                then '无成果可示，按本记分卡规则计 0 分（权重 ' || {{ weight }} || '）。'
            else
                case
                    when attainment is null then '已达最佳：'
                    else '达成度 ' || {{ percent_text('attainment', 'zh') }} || '，按曲线“' || curve_name_zh || '”：'
                end
                || {{ points }} || ' 分；权重 ' || {{ weight }} || '，计入总分 ' || {{ brings }} || ' 分。'
                || case
                    when status in ('scored', 'zero_value') then ''
                    else '注意：' || {{ line_status_words('zh') }} || '。'
                end
        end
    {%- endif -%}
{%- endmacro %}


{# What is the matter with a line, in words; a status that is not known here is named. #}
{% macro line_status_words(language) -%}
    {%- set words = {
        'missing_value': ('nothing was measured', '没有测得数据'),
        'no_target': ('there is no target', '没有目标值'),
        'invalid_target': ('its target cannot be used', '目标值不可用'),
        'no_red_flag': ('its red flag is missing', '缺少红线值'),
        'invalid_value': ('its value is below zero', '数值为负'),
        'empty_sample': ('its sample is empty', '样本为空'),
        'not_a_number': ('its value is not a number', '数值无效'),
        'negative_value': ('its value is below zero', '数值为负'),
    } -%}
    case status
    {%- for status, said in words.items() %}
        when '{{ status }}' then '{{ said[0] if language == 'en' else said[1] }}'
    {%- endfor %}
    {%- if language == 'en' %}
        when 'provisional'
            then 'the sample of ' || coalesce(cast(sample_size as string), '0') || ' is smaller than the '
                || coalesce(cast(minimum_sample as string), '?') || ' that a score needs'
        when 'borrowed'
            then 'the sample of ' || coalesce(cast(sample_size as string), '0')
                || ' is small, so that it counts as ' || {{ measure_text('scored_value', 'unit', 'en') }}
                || ', drawn towards the rate of the role'
        else 'its status is ' || status
    {%- else %}
        when 'provisional'
            then '样本量 ' || coalesce(cast(sample_size as string), '0') || ' 低于评分所需的 '
                || coalesce(cast(minimum_sample as string), '?')
        when 'borrowed'
            then '样本量仅 ' || coalesce(cast(sample_size as string), '0') || '，已向同岗位水平收缩，按 '
                || {{ measure_text('scored_value', 'unit', 'zh') }} || ' 计'
        else '状态为 ' || status
    {%- endif %}
    end
{%- endmacro %}
