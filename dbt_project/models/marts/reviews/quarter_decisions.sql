-- One row per decision for a quarter: KPIs in focus, KPIs retired, weights of scorecards, and whether it holds. A
-- scorecard's weights hold together or not at all. Nothing adds up.
{%- set findings = {
    'unknown_kpi': ('no KPI has this id', '没有此编号的指标'),
    'unknown_line': ('no scorecard has this line', '没有记分卡含此行'),
    'not_yet_decided': ('it is proposed and nobody has decided it', '仅为提案，尚无人决定'),
    'decider_without_authority': (
        'who decided leads neither the company nor the department of the scorecard',
        '决定人既不领导公司，也不领导该记分卡所属部门'
    ),
    'decided_after_close': ('it was decided after the quarter had closed', '决定时该季度已经结束'),
    'superseded': ('a later decision took its place', '已被之后的决定取代'),
    'kpi_is_retired': ('the KPI is retired and can weigh nothing', '该指标已停用，不能再有权重'),
    'weights_not_100': ('weights of the scorecard do not sum to 100', '该记分卡的权重之和不为 100'),
    'weights_incomplete': (
        'another line of the scorecard has no valid weight', '该记分卡另有一行没有有效的权重'
    ),
} %}
with

decisions as (
    select * from {{ ref('int_quarter_decisions_judged') }}
),

lines as (
    select * from {{ ref('scorecard_lines') }}
),

retired as (
    select
        kpi_id,
        min(quarter_start) as retired_from
    from decisions
    where kind = 'retire' and finding is null
    group by kpi_id
),

unretired as (
    select
        decisions.decision_id,
        case
            when
                decisions.finding is null and decisions.kind = 'weight' and decisions.weight > 0
                and decisions.quarter_start >= retired.retired_from
                then 'kpi_is_retired'
            else decisions.finding
        end as finding
    from decisions
    left join retired on decisions.kpi_id = retired.kpi_id
),

sets as (
    select
        decisions.quarter_start,
        decisions.scorecard_id,
        decisions.shop_kind,
        count(*) as weighed_lines,
        sum(decisions.weight) as weight
    from decisions
    inner join unretired on decisions.decision_id = unretired.decision_id and unretired.finding is null
    where decisions.kind = 'weight'
    group by decisions.quarter_start, decisions.scorecard_id, decisions.shop_kind
),

-- A card counts as whole where each of its lines has one weight.
whole_sets as (
    select
        sets.quarter_start,
        sets.scorecard_id,
        sets.shop_kind,
        max(sets.weight) as weight,
        max(sets.weighed_lines) = count(*) as is_whole
    from sets
    inner join lines
        on
            sets.scorecard_id = lines.scorecard_id
            and lines.valid_from <= sets.quarter_start
            and (lines.valid_to is null or lines.valid_to > sets.quarter_start)
    group by sets.quarter_start, sets.scorecard_id, sets.shop_kind
),

settled as (
    select
        decisions.decision_id,
        decisions.kind,
        decisions.quarter_start,
        decisions.kpi_id,
        decisions.scorecard_id,
        decisions.shop_kind,
        decisions.measured_for,
        decisions.weight,
        decisions.owner_kind,
        decisions.owner_id,
        decisions.reason,
        decisions.decided_by,
        decisions.decided_at,
        case
            when unretired.finding is not null or decisions.kind <> 'weight' then unretired.finding
            when not whole_sets.is_whole then 'weights_incomplete'
            when whole_sets.weight <> 100 then 'weights_not_100'
        end as finding
    from decisions
    inner join unretired on decisions.decision_id = unretired.decision_id
    left join whole_sets
        on
            decisions.quarter_start = whole_sets.quarter_start
            and decisions.scorecard_id = whole_sets.scorecard_id
            and decisions.shop_kind = whole_sets.shop_kind
),

told as (
    select
        decision_id,
        kind,
        quarter_start,
        kpi_id,
        scorecard_id,
        shop_kind,
        measured_for,
        weight,
        owner_kind,
        owner_id,
        reason,
        decided_by,
        decided_at,
        finding is null as is_in_force,
        finding,
        case finding
            {%- for finding, (sentence, _) in findings.items() %}
                when '{{ finding }}' then '{{ sentence }}'
            {%- endfor %}
        end as finding_reason,
        case finding
            {%- for finding, (_, sentence_zh) in findings.items() %}
                when '{{ finding }}' then '{{ sentence_zh }}'
            {%- endfor %}
        end as finding_reason_zh
    from settled
)

select * from told
