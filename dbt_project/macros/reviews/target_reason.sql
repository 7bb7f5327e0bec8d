{# The figures of a reason, to four significant digits: of a row of target_proposals with what it was worked out from. #}
{% macro target_reason_figures() -%}
    {{ rounded_target('own_value', 6, 4) }} as own_figure,
    {{ rounded_target('role_value', 6, 4) }} as role_figure,
    {{ rounded_target('benchmark', 6, 4) }} as benchmark_figure,
    {{ rounded_target('aimed_value', 6, 4) }} as aimed_figure,
    {{ rounded_target('(current_target * seasonal_ratio)', 6, 4) }} as season_figure
{%- endmacro %}


{# The numbers of a reason as columns of text: of a row with target_reason_figures. #}
{% macro target_reason_texts() -%}
    {{ plain_number('own_figure') }} as own_text,
    {{ plain_number('role_figure') }} as role_text,
    {{ plain_number('benchmark_figure') }} as benchmark_text,
    {{ plain_number('aimed_figure') }} as aimed_text,
    {{ plain_number('season_figure') }} as season_text,
    {{ plain_number('current_target') }} as current_text,
    {{ plain_number('proposed_target') }} as proposed_text,
    cast(own_quarters as string) as quarters_text,
    cast(minimum_quarters as string) as minimum_text,
    cast(met_quarters as string) as met_text,
    cast(cast(round(100 * target_quantile) as bigint) as string) as quantile_text,
    {{ percent('case when is_held_up then largest_step_down else largest_step_up end') }} as step_text,
    case when market_growth < 0 then '-' else '' end || {{ percent('abs(market_growth)') }} as growth_text,
    abs(seasonal_ratio - 1) > 1e-9 as is_of_other_season
{%- endmacro %}


{# The sentences of a reason as columns of text, of a row with target_reason_texts; empty where one says nothing. #}
{% macro target_reason_sentences() -%}
    case
        when role_value is not null then ' Of colleagues in the same role and team it is ' || role_text || '.'
        when colleague_count > 0 then ' Colleagues in the same role and team are weighed in.'
        else ''
    end as role_sentence,
    case
        when role_value is not null then '同岗位同团队同事为 ' || role_text || '。'
        when colleague_count > 0 then '并计入同岗位同团队同事的表现。'
        else ''
    end as role_sentence_zh,
    case
        when is_drawn_by_benchmark
            then ' The better average of the trade, ' || benchmark_text || ', draws it on.'
        else ''
    end as benchmark_sentence,
    case
        when is_drawn_by_benchmark then '行业平均 ' || benchmark_text || ' 更优，目标向其靠拢。' else ''
    end as benchmark_sentence_zh,
    case
        when market_growth is not null then ' The market grew by ' || growth_text || ' % in a year.' else ''
    end as market_sentence,
    case
        when market_growth is not null then '市场一年增长 ' || growth_text || '%。' else ''
    end as market_sentence_zh,
    case when is_of_other_season then ' (' || season_text || ' at that season)' else '' end as season_words,
    case when is_of_other_season then '（按该季节折算为 ' || season_text || '）' else '' end as season_words_zh
{%- endmacro %}


{# Why a target is proposed, as sentences: of a row of target_proposals with the columns of the macros above. #}
{% macro target_reason(language) -%}
    {%- if language == 'en' -%}
        {%- set evidence = [
            "'Quantile '", 'quantile_text', "' of '", 'quarters_text',
            "' own comparable quarters, at the season of the planned one, is '", 'own_text', "'.'", 'role_sentence',
            'benchmark_sentence', 'market_sentence',
        ] -%}
        {%- set met = ["' '", 'met_text', "' of these quarters would have met '", 'proposed_text', "'.'"] -%}
        {%- set reasons = {
            "status = 'no_proposal'": [
                "'No target stands, and of '", 'minimum_text', "' comparable quarters needed there are '",
                'quarters_text', "': nothing is proposed.'",
            ],
            "status = 'thin_evidence'": [
                "'The evidence is thin, '", 'quarters_text', "' comparable quarters of '", 'minimum_text',
                "' needed: the target stays at '", 'current_text', "'.'",
            ],
            "status = 'step_held'": evidence + [
                "' That gives '", 'aimed_text', "'; the step from '", 'current_text', 'season_words', "' is held to '",
                'step_text', "' %.'",
            ] + met,
            "status = 'unchanged'": evidence + ["' The target stays at '", 'current_text', "'.'"] + met,
            'current_target is null': evidence + ["' It is the first target.'"] + met,
            'true': evidence + ["' The target so far is '", 'current_text', "'.'"] + met,
        } -%}
    {%- else -%}
        {%- set evidence = [
            "'按计划季度的季节折算，自身 '", 'quarters_text', "' 个可比季度的第 '", 'quantile_text', "' 百分位为 '",
            'own_text', "'。'", 'role_sentence_zh', 'benchmark_sentence_zh', 'market_sentence_zh',
        ] -%}
        {%- set met = ["'这些季度中有 '", 'met_text', "' 个能达到 '", 'proposed_text', "'。'"] -%}
        {%- set reasons = {
            "status = 'no_proposal'": [
                "'尚无目标，可比季度仅 '", 'quarters_text', "' 个（需 '", 'minimum_text', "' 个），不作建议。'",
            ],
            "status = 'thin_evidence'": [
                "'依据不足：可比季度仅 '", 'quarters_text', "' 个（需 '", 'minimum_text', "' 个），目标维持 '",
                'current_text', "'。'",
            ],
            "status = 'step_held'": evidence + [
                "'由此得 '", 'aimed_text', "'；相对现目标 '", 'current_text', 'season_words_zh',
                "' 的调整幅度限制为 '", 'step_text', "'%。'",
            ] + met,
            "status = 'unchanged'": evidence + ["'目标维持 '", 'current_text', "'。'"] + met,
            'current_target is null': evidence + ["'此为首个目标。'"] + met,
            'true': evidence + ["'现目标为 '", 'current_text', "'。'"] + met,
        } -%}
    {%- endif -%}
    case
        {%- for condition, parts in reasons.items() %}
            when {{ condition }} then {{ parts | join(' || ') }}
        {%- endfor %}
    end
{%- endmacro %}
