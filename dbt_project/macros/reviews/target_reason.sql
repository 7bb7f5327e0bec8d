{#
    Why a target is proposed, as sentences: of a row of target_proposals with what it was worked out from. The numbers
    are those of the row.
#}
{% macro target_reason(language) -%}
    {%- set own, role, benchmark = short_text('own_value'), short_text('role_value'), short_text('benchmark') -%}
    {%- set aimed, at_season = short_text('aimed_value'), short_text('current_target * seasonal_ratio') -%}
    {%- set current -%}
        {{ number_text('current_target') }}
        || case
            when abs(seasonal_ratio - 1) < 1e-9 or status not in ('step_held', 'proposed') then ''
            {%- if language == 'en' %}
            else ' (' || {{ at_season }} || ' at that season)'
            {%- else %}
            else '（按该季节折算为 ' || {{ at_season }} || '）'
            {%- endif %}
        end
    {%- endset -%}
    {%- set proposed, quarters = number_text('proposed_target'), 'cast(own_quarters as string)' -%}
    {%- set minimum, met = 'cast(minimum_quarters as string)', 'cast(met_quarters as string)' -%}
    {%- set quantile = 'cast(cast(round(100 * target_quantile) as bigint) as string)' -%}
    {%- set step -%}
        {{ percent('case when is_held_up then largest_step_down else largest_step_up end') }}
    {%- endset -%}
    {%- set growth -%}
        case when market_growth < 0 then '-' else '' end || {{ percent('abs(market_growth)') }}
    {%- endset -%}
    {%- if language == 'en' -%}
        case status
            when 'no_proposal' then
                'No target stands, and of ' || {{ minimum }} || ' comparable quarters needed there are ' || {{ quarters }}
                || ': nothing is proposed.'
            when 'thin_evidence' then
                'The evidence is thin, ' || {{ quarters }} || ' comparable quarters of ' || {{ minimum }}
                || ' needed: the target stays at ' || {{ current }} || '.'
            else
                'Quantile ' || {{ quantile }} || ' of ' || {{ quarters }} || ' own comparable quarters, at the season of the '
                || 'planned one, is ' || {{ own }} || '.'
                || case
                    when role_value is not null then ' Of colleagues in the same role and team it is ' || {{ role }} || '.'
                    when colleague_count > 0 then ' Colleagues in the same role and team are weighed in.'
                    else ''
                end
                || case
                    when is_drawn_by_benchmark then ' The better average of the trade, ' || {{ benchmark }} || ', draws it on.'
                    else ''
                end
                || case
                    when market_growth is not null then ' The market grew by ' || {{ growth }} || ' % in a year.' else ''
                end
                || case
                    when status = 'step_held'
                        then ' That gives ' || {{ aimed }} || '; the step from ' || {{ current }} || ' is held to '
                            || {{ step }} || ' %.'
                    when current_target is null then ' It is the first target.'
                    when status = 'unchanged' then ' The target stays at ' || {{ current }} || '.'
                    else ' The target so far is ' || {{ current }} || '.'
                end
                || ' ' || {{ met }} || ' of these quarters would have met ' || {{ proposed }} || '.'
        end
    {%- else -%}
        case status
            when 'no_proposal' then
                '尚无目标，可比季度仅 ' || {{ quarters }} || ' 个（需 ' || {{ minimum }} || ' 个），不作建议。'
            when 'thin_evidence' then
                '依据不足：可比季度仅 ' || {{ quarters }} || ' 个（需 ' || {{ minimum }} || ' 个），目标维持 ' || {{ current }} || '。'
            else
                '按计划季度的季节折算，自身 ' || {{ quarters }} || ' 个可比季度的第 ' || {{ quantile }} || ' 百分位为 '
                || {{ own }} || '。'
                || case
                    when role_value is not null then '同岗位同团队同事为 ' || {{ role }} || '。'
                    when colleague_count > 0 then '并计入同岗位同团队同事的表现。'
                    else ''
                end
                || case
                    when is_drawn_by_benchmark then '行业平均 ' || {{ benchmark }} || ' 更优，目标向其靠拢。' else ''
                end
                || case when market_growth is not null then '市场一年增长 ' || {{ growth }} || '%。' else '' end
                || case
                    when status = 'step_held'
                        then '由此得 ' || {{ aimed }} || '；相对现目标 ' || {{ current }} || ' 的调整幅度限制为 ' || {{ step }} || '%。'
                    when current_target is null then '此为首个目标。'
                    when status = 'unchanged' then '目标维持 ' || {{ current }} || '。'
                    else '现目标为 ' || {{ current }} || '。'
                end
                || '这些季度中有 ' || {{ met }} || ' 个能达到 ' || {{ proposed }} || '。'
        end
    {%- endif -%}
{%- endmacro %}
