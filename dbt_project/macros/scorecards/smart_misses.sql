{#
    A select of one row a KPI and rule of SMART that it misses, over a CTE of the columns that smart_findings gathers. A
    rule is a criterion, the condition of a miss, and the reason in English and Chinese, expressions of text.
#}
{% macro smart_misses(checked) -%}
    {%- set minimum_periods = var('achievable_minimum_periods') | string -%}
    {%- set rules = [
        ('specific', "coalesce(definition, name) = name", "'it has no definition beyond its name'", "'除名称外没有定义'"),
        (
            'specific', "coalesce(definition_zh, name_zh) = name_zh",
            "'it has no definition in Chinese'", "'没有中文定义'",
        ),
        (
            'specific', "known_role is null",
            "'no role in force answers for it: ' || coalesce(owner_role, 'none is named')",
            "'没有现行岗位对其负责：' || coalesce(owner_role, '未指定')",
        ),
        (
            'specific', "primary_dimension is null",
            "'no dimension says of what it is measured'", "'没有说明按什么维度衡量'",
        ),
        (
            'measurable', "kind = 'derived' and expression is null",
            "'it is derived and has no expression'", "'派生指标没有表达式'",
        ),
        (
            'measurable', "kind = 'observations' and statistic is null",
            "'it is made of observations and names no statistic'", "'观测类指标没有指定统计量'",
        ),
        (
            'measurable', "known_source is null and kind <> 'derived'",
            "'its source has no rows in the lake: ' || coalesce(source, 'none is named')",
            "'数据湖中没有其来源的数据：' || coalesce(source, '未指定')",
        ),
        ('measurable', "measured_kpi_id is null", "'no value was ever measured'", "'从未测得任何数值'"),
        (
            'measurable', "minimum_sample is null or minimum_sample < 1",
            "'it has no minimum sample'", "'没有最小样本量'",
        ),
        ('achievable', "targets_in_force = 0", "'no target is in force'", "'没有现行目标值'"),
        (
            'achievable', "targets_in_force > 0 and judged_units = 0",
            "'no unit measured by it has " ~ minimum_periods ~ " closed periods to hold its target against'",
            "'按其考核的单位均不足 " ~ minimum_periods ~ " 个已结束周期，无法对照目标'",
        ),
        (
            'achievable', "units_out_of_reach > 0",
            "'the target lies beyond all that was done before and is not flagged as stretch: ' || names_out_of_reach",
            "'目标超出历史合理范围且未标为挑战目标：' || names_out_of_reach",
        ),
        (
            'achievable', "units_without_effort > 0",
            "'the target is worse than all that was done before: ' || names_without_effort",
            "'目标低于历史最差水平：' || names_without_effort",
        ),
        (
            'relevant', "known_objective is null and known_parent is null",
            "'it serves no objective in force and drives no KPI'", "'未对应任何现行目标，也不驱动任何上级指标'",
        ),
        ('time_bound', "valid_from is null", "'no day says from when it counts'", "'没有生效日期'"),
        (
            'time_bound', happened_by_as_of('valid_to', 'date'),
            "'it has ended on ' || cast(valid_to as string)", "'已于 ' || cast(valid_to as string) || ' 失效'",
        ),
        (
            'time_bound', "targets_in_force = 0",
            "case when targets > 0 then 'all of its targets have ended, have not begun or name no period' "
            ~ "else 'no target says for which period it counts' end",
            "case when targets > 0 then '其目标值均已到期、尚未生效或未指定周期' else '没有目标值说明考核周期' end",
        ),
    ] -%}
    {% for criterion, condition, reason, reason_zh in rules -%}
        select
            kpi_id,
            '{{ criterion }}' as criterion,
            {{ loop.index }} as place,
            {{ reason }} as reason,
            {{ reason_zh }} as reason_zh
        from {{ checked }}
        where {{ condition }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
{%- endmacro %}
