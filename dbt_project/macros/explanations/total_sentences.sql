{# What a manager would say about each step after the lines, of a relation with the columns of int_explained_scorecards. #}
{% macro total_sentence(language) -%}
    case step_kind
        when 'redistribution' then {{ redistribution_sentence(language) }}
        when 'total' then {{ kpi_total_sentence(language) }}
        when 'okr' then {{ okr_sentence(language) }}
        when 'rating' then {{ rating_sentence(language) }}
        when 'final' then {{ final_sentence(language) }}
        when 'tier' then {{ tier_sentence(language) }}
        when 'coefficient' then {{ coefficient_sentence(language) }}
        when 'pay' then {{ pay_sentence(language) }}
    end
{%- endmacro %}


{% macro redistribution_sentence(language) -%}
    {%- set moved = number_text('moved_weight', 1) -%}
    {%- if language == 'en' -%}
        'A weight of ' || {{ moved }} || ' had nothing to measure; the lines that have a score share it in proportion.'
    {%- else -%}
        '权重 ' || {{ moved }} || ' 无可衡量，按比例分配给已评分的指标。'
    {%- endif -%}
{%- endmacro %}


{% macro kpi_total_sentence(language) -%}
    {%- set total = number_text('kpi_total', 2) -%}
    {%- if language == 'en' -%}
        coalesce('The lines add up to ' || {{ total }} || ' points, ', 'No line has a score, ')
        || {{ percent_text('coverage', 'en') }} || ' of the weight measured.'
    {%- else -%}
        coalesce('各项合计 ' || {{ total }} || ' 分，', '没有任何一项有分数，')
        || '已衡量权重 ' || {{ percent_text('coverage', 'zh') }} || '。'
    {%- endif -%}
{%- endmacro %}


{% macro okr_sentence(language) -%}
    {%- set share = percent_text('okr_share', language) -%}
    {%- if language == 'en' -%}
        coalesce(
            'Objectives and key results: ' || {{ number_text('okr_total', 2) }} || ' points, ' || {{ share }}
            || ' of the scorecard.',
            'Objectives and key results have no score yet; they make ' || {{ share }} || ' of the scorecard.'
        )
    {%- else -%}
        coalesce(
            '目标与关键结果（OKR）：' || {{ number_text('okr_total', 2) }} || ' 分，占记分卡 ' || {{ share }} || '。',
            'OKR 尚无得分；其占记分卡 ' || {{ share }} || '。'
        )
    {%- endif -%}
{%- endmacro %}


{% macro rating_sentence(language) -%}
    {%- set share = percent_text('review_share', language) -%}
    {%- if language == 'en' -%}
        coalesce(
            'The ratings come to ' || {{ number_text('weighted_rating', 2) }} || ' of 100 and make ' || {{ share }}
            || ' of the final score.',
            'Ratings are missing' || coalesce(' (' || missing_raters || ')', '') || '. They make ' || {{ share }}
            || ' of the final score; a missing one is neither a zero nor left out of account.'
        )
    {%- else -%}
        coalesce(
            '评价加权得分 ' || {{ number_text('weighted_rating', 2) }} || '（满分 100），占最终得分 ' || {{ share }} || '。',
            '评价尚不完整' || coalesce('（' || missing_raters || '）', '') || '，其占最终得分 ' || {{ share }}
            || '；缺失的评价既不计零分，也不重新分摊权重。'
        )
    {%- endif -%}
{%- endmacro %}


{# The formula with its numbers. #}
{% macro final_sentence(language) -%}
    {%- set terms -%}
        {{ percent_text('kpi_final_share', language) }} || ' × ' || {{ number_text('kpi_total', 2) }}
        || case
            when okr_final_share > 0
                then ' + ' || {{ percent_text('okr_final_share', language) }} || ' × '
                    || {{ number_text('okr_total', 2) }}
            else ''
        end
        || case
            when review_final_share > 0
                then ' + ' || {{ percent_text('review_final_share', language) }} || ' × '
                    || {{ number_text('weighted_rating', 2) }}
            else ''
        end
    {%- endset -%}
    {%- if language == 'en' -%}
        case
            when final_score is null then 'There is no final score: ' || {{ scorecard_status_words('en') }} || '.'
            else 'Final score: ' || {{ terms }} || ' = ' || {{ number_text('final_score', 2) }} || '.'
        end
    {%- else -%}
        case
            when final_score is null then '没有最终得分：' || {{ scorecard_status_words('zh') }} || '。'
            else '最终得分：' || {{ terms }} || ' = ' || {{ number_text('final_score', 2) }} || '。'
        end
    {%- endif -%}
{%- endmacro %}


{# Why a scorecard is not final, in words; a status that is not known here is named. #}
{% macro scorecard_status_words(language) -%}
    {%- if language == 'en' -%}
        case status
            when 'waiting'
                then cast(waiting_line_count as string) || ' of ' || cast(line_count as string) || ' lines wait'
            when 'nothing_measured' then 'nothing was measured'
            when 'under_minimum_coverage'
                then {{ percent_text('coverage', 'en') }} || ' of the weight is measured, and '
                    || coalesce({{ percent_text('minimum_coverage', 'en') }}, 'more') || ' are needed'
            when 'okr_waiting' then 'objectives and key results wait'
            when 'review_incomplete' then 'ratings are missing'
            when 'no_review_weights' then 'no rule says how it is put together'
            else 'its status is ' || status
        end
    {%- else -%}
        case status
            when 'waiting'
                then cast(line_count as string) || ' 项中有 ' || cast(waiting_line_count as string) || ' 项等待中'
            when 'nothing_measured' then '没有测得任何数据'
            when 'under_minimum_coverage'
                then '已衡量权重 ' || {{ percent_text('coverage', 'zh') }} || '，至少需要 '
                    || coalesce({{ percent_text('minimum_coverage', 'zh') }}, '更多')
            when 'okr_waiting' then 'OKR 尚在等待'
            when 'review_incomplete' then '评价尚不完整'
            when 'no_review_weights' then '没有规则说明如何合成'
            else '状态为 ' || status
        end
    {%- endif -%}
{%- endmacro %}


{% macro tier_sentence(language) -%}
    {%- set from = number_text('tier_score_from', 2) -%}
    {%- set to = number_text('tier_score_to', 2) -%}
    {%- if language == 'en' -%}
        case
            when tier_id is null then 'Without a final score there is no tier, and nothing follows automatically.'
            else {{ number_text('final_score', 2) }} || ' is in the tier ' || tier_name || coalesce(', from ' || {{ from }}, '')
                || coalesce(', below ' || {{ to }}, '') || '.'
        end
    {%- else -%}
        case
            when tier_id is null then '没有最终得分即无等级，也不会自动产生任何后果。'
            else {{ number_text('final_score', 2) }} || ' 属于“' || tier_name_zh || '”' || coalesce('，不低于 ' || {{ from }}, '')
                || coalesce('，低于 ' || {{ to }}, '') || '。'
        end
    {%- endif -%}
{%- endmacro %}


{% macro coefficient_sentence(language) -%}
    {%- set coefficient = number_text('coefficient', 4) -%}
    {%- if language == 'en' -%}
        coalesce(
            'By the rule ' || bonus_rule_id || ', a final score of ' || {{ number_text('final_score', 2) }}
            || ' has the coefficient ' || {{ coefficient }} || '.',
            'There is no coefficient: pay has the status ' || pay_status || '.'
        )
    {%- else -%}
        coalesce(
            '按规则 ' || bonus_rule_id || '，最终得分 ' || {{ number_text('final_score', 2) }} || ' 对应系数 '
            || {{ coefficient }} || '。',
            '没有系数：薪酬状态为 ' || pay_status || '。'
        )
    {%- endif -%}
{%- endmacro %}


{# The pay of the quarter: fixed and performance part, and the days it is for. #}
{% macro pay_sentence(language) -%}
    {%- set fixed = number_text('fixed_paid_amount', 2) -%}
    {%- set performance = number_text('performance_pay_amount', 2) -%}
    {%- set total = number_text('total_amount', 2) -%}
    {%- set target = number_text('variable_target_amount', 2) -%}
    {%- if language == 'en' -%}
        'For ' || cast(employed_days as string) || ' of ' || cast(period_days as string) || ' days: '
        || coalesce(
            'fixed ' || {{ fixed }} || ' + performance ' || {{ performance }} || ' (target ' || {{ target }} || ') = '
            || {{ total }} || ' ' || currency || '.',
            'fixed ' || {{ fixed }} || ' ' || currency
            || '; performance pay is not paid automatically, since pay has the status ' || pay_status || '.',
            'nothing is paid automatically, since pay has the status ' || pay_status || '.'
        )
    {%- else -%}
        '在职 ' || cast(employed_days as string) || ' / ' || cast(period_days as string) || ' 天：'
        || coalesce(
            '固定 ' || {{ fixed }} || ' + 绩效 ' || {{ performance }} || '（目标 ' || {{ target }} || '）= ' || {{ total }}
            || ' ' || currency || '。',
            '固定 ' || {{ fixed }} || ' ' || currency || '；绩效部分不自动发放，薪酬状态为 ' || pay_status || '。',
            '不自动发放，薪酬状态为 ' || pay_status || '。'
        )
    {%- endif -%}
{%- endmacro %}
