{#
    A select of one row a KPI, quarter and reason of its verdict, over a CTE of the columns that kpi_effectiveness gathers.
    A rule is a verdict, the condition, and the reason in English and Chinese, expressions of text. Of the verdicts whose
    rules hold, the first of insufficient_data, retire_candidate, watch counts; keep holds where none does.
#}
{% macro effectiveness_reasons(judged) -%}
    {%- set later = "case lag_weeks when 0 then ' in the same week' when 1 then ' a week later'"
        ~ " else ' ' || cast(lag_weeks as string) || ' weeks later' end" -%}
    {%- set drives = "coalesce(outcome_kpi_id, '')" -%}
    {%- set found = two_places('correlation') ~ " || ' (' || " ~ two_places('correlation_low') ~ " || ' to ' || "
        ~ two_places('correlation_high') ~ " || ')'" -%}
    {%- set found_zh = two_places('correlation') ~ " || '（' || " ~ two_places('correlation_low') ~ " || ' 至 ' || "
        ~ two_places('correlation_high') ~ " || '）'" -%}
    {%- set rules = [
        (
            'insufficient_data', "window_weeks < minimum_weeks",
            "'it was measured, by its minimum sample, in ' || cast(window_weeks as string) || ' weeks, and ' || " ~ whole('minimum_weeks')
            ~ " || ' are needed'",
            "'仅有 ' || cast(window_weeks as string) || ' 周达到最小样本量，至少需要 ' || " ~ whole('minimum_weeks') ~ " || ' 周'",
        ),
        (
            'insufficient_data', "window_weeks >= minimum_weeks and is_without_variation",
            "'it does not vary beyond trend, season and promotions, so that nothing can be said of what it moves'",
            "'剔除趋势、季节与促销后没有变化，无法判断其作用'",
        ),
        (
            'insufficient_data',
            "purpose = 'driver' and outcome_finding = 'insufficient_data' and window_weeks >= minimum_weeks"
            ~ " and not is_without_variation",
            "'what it is said to drive (' || " ~ drives ~ " || ') has too few weeks in common with it, or does not vary'",
            "'与其所驱动的结果（' || " ~ drives ~ " || '）共同有值的周数不足，或结果没有变化'",
        ),
        (
            'retire_candidate', "purpose = 'driver' and outcome_finding = 'contrary'",
            "'it moves against what it is said to drive: ' || " ~ drives ~ " || " ~ later ~ " || ' at ' || " ~ found
            ~ " || '; a proposal: it is retired only by approval'",
            "'其变动与所驱动的结果相反：' || " ~ drives ~ " || '（滞后 ' || cast(lag_weeks as string) || ' 周）相关 ' || "
            ~ found_zh ~ " || '；仅为建议，须经批准方可停用'",
        ),
        (
            'retire_candidate', "purpose = 'driver' and outcome_finding = 'absent'",
            "'it moves with nothing that it is said to drive: ' || " ~ drives ~ " || " ~ later ~ " || ' at ' || " ~ found
            ~ " || ', while ' || " ~ two_places('meaningful_correlation')
            ~ " || ' would matter; a proposal: it is retired only by approval'",
            "'与所驱动的结果无关：' || " ~ drives ~ " || '（滞后 ' || cast(lag_weeks as string) || ' 周）相关 ' || "
            ~ found_zh ~ " || '，低于有意义的 ' || " ~ two_places('meaningful_correlation')
            ~ " || '；仅为建议，须经批准方可停用'",
        ),
        (
            'watch', "purpose = 'driver' and outcome_finding = 'unclear'",
            "'whether it drives ' || " ~ drives ~ " || ' is not clear yet' || coalesce(': ' || " ~ found ~ ", '')",
            "'尚不能确定其是否驱动 ' || " ~ drives ~ " || coalesce('：' || " ~ found_zh ~ ", '')",
        ),
        (
            'watch', "purpose = 'driver' and outcome_finding = 'not_declared' and not is_outcome",
            "'strategy_links says of no KPI that it drives it'", "'strategy_links 未说明其驱动哪个指标'",
        ),
        (
            'watch', "coalesce(coverage, 0) < minimum_coverage",
            "'it was measured in ' || cast(measured_weeks as string) || ' of the quarter’s '"
            ~ " || cast(expected_weeks as string) || ' weeks'",
            "'本季度 ' || cast(expected_weeks as string) || ' 周中仅 ' || cast(measured_weeks as string) || ' 周有值'",
        ),
        (
            'watch', "stale_days > maximum_stale_days",
            "'its newest week ended ' || cast(stale_days as string) || ' days before the quarter did'",
            "'最近一次有值在季末前 ' || cast(stale_days as string) || ' 天'",
        ),
        (
            'watch', "discrimination < minimum_discrimination",
            "'it hardly tells employees apart: ' || " ~ two_places('discrimination')
            ~ " || ' of the spread of their means is more than chance'",
            "'难以区分员工：均值差异中仅 ' || " ~ two_places('discrimination') ~ " || ' 非偶然'",
        ),
        (
            'watch', "stability < minimum_stability",
            "'employees rank otherwise than a quarter ago: ' || " ~ two_places('stability'),
            "'员工排名与上季度相关仅 ' || " ~ two_places('stability'),
        ),
        (
            'watch', "is_traded_off",
            "'it got better while its counter-KPI ' || counter_kpi_id || ' got worse'",
            "'指标改善的同时，制衡指标 ' || counter_kpi_id || ' 变差'",
        ),
        (
            'watch', "counter_finding = 'contrary'",
            "'week by week it gets better where its counter-KPI ' || counter_kpi_id || ' gets worse'",
            "'逐周来看，其改善伴随制衡指标 ' || counter_kpi_id || ' 变差'",
        ),
        (
            'watch', "is_reversed_after_close",
            "'it rose before the close of the quarter and fell back after it'",
            "'季末前上升，季末后回落'",
        ),
        (
            'watch', "redundant_with is not null",
            "'it says the same as ' || redundant_with", "'与 ' || redundant_with || ' 重复'",
        ),
        (
            'keep', "purpose = 'driver' and outcome_finding = 'confirmed'",
            "'it moves with ' || " ~ drives ~ " || " ~ later ~ " || ': ' || " ~ found,
            "'与 ' || " ~ drives ~ " || '（滞后 ' || cast(lag_weeks as string) || ' 周）同动：' || " ~ found_zh,
        ),
        (
            'keep', "purpose <> 'driver'",
            "'nothing speaks against it; what it moves with is not asked of the purpose ' || purpose",
            "'未见问题；护栏与保健类指标不以相关性评判'",
        ),
        (
            'keep', "purpose = 'driver' and outcome_finding = 'not_declared' and is_outcome",
            "'it is an outcome itself'", "'其本身即为结果指标'",
        ),
    ] -%}
    {% for verdict, condition, reason, reason_zh in rules -%}
        select
            period_start,
            kpi_id,
            {{ {'insufficient_data': 3, 'retire_candidate': 2, 'watch': 1, 'keep': 0}[verdict] }} as severity,
            {{ loop.index }} as place,
            {{ reason }} as reason,
            {{ reason_zh }} as reason_zh
        from {{ judged }}
        where {{ condition }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
{%- endmacro %}


{# A double as text with two places. #}
{% macro two_places(value) -%}
    cast(cast({{ value }} as decimal(18, 2)) as string)
{%- endmacro %}


{# A double as text without places. #}
{% macro whole(value) -%}
    cast(cast({{ value }} as bigint) as string)
{%- endmacro %}
