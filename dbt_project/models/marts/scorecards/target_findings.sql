-- One row per proposed or approved target of the feed and what is to be said against it. Nothing adds up.
{%- set findings = {
    'unknown_kpi': (
        'not approvals.is_known_kpi', 'no KPI has this id', '没有此编号的指标'
    ),
    'unknown_owner': (
        'not approvals.is_known_owner', 'no owner has this id', '没有此编号的负责主体'
    ),
    'not_yet_approved': (
        'not approvals.is_approved', 'it is proposed and nobody has approved it', '仅为提案，尚无人批准'
    ),
    'approver_without_authority': (
        'approvals.is_approved and approvals.is_known_owner and not approvals.has_authority',
        'the approver is neither the manager of the owner nor the head of its department or of the company',
        '批准人既不是其上级，也不是其部门或公司的负责人'
    ),
    'approved_after_close': (
        'approvals.is_late', 'it was approved after the period had closed', '批准时该周期已经结束'
    ),
    'approvals_differ': (
        'approvals.is_contested', 'other approvals of the same owner and period say another target',
        '同一主体同一周期的其他批准给出了不同目标'
    ),
} %}
with

approvals as (
    select * from {{ ref('int_target_approvals_judged') }}
),

found as (
    {%- for finding, (condition, sentence, sentence_zh) in findings.items() %}
        select
            approvals.approval_id,
            '{{ finding }}' as finding,
            approvals.kpi_id,
            approvals.owner_kind,
            approvals.owner_id,
            approvals.period_grain,
            approvals.period_start,
            approvals.target,
            approvals.red_flag,
            approvals.approved_by,
            approvals.approved_at,
            approvals.approved_on,
            approvals.approval_status,
            approvals.is_in_force,
            '{{ sentence }}' as reason,
            '{{ sentence_zh }}' as reason_zh
        from approvals
        where {{ condition }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

told as (
    select
        approval_id,
        finding,
        kpi_id,
        owner_kind,
        owner_id,
        period_grain,
        period_start,
        target,
        red_flag,
        approved_by,
        approved_at,
        approved_on,
        approval_status,
        coalesce(is_in_force, false) as is_in_force,
        'Target of ' || kpi_id || ' for ' || owner_kind || ' ' || owner_id || ', ' || period_grain || ' from '
        || cast(period_start as string) || ': ' || reason
        || case when is_in_force then ' (it holds).' else ' (it does not hold).' end as sentence,
        owner_kind || ' ' || owner_id || ' 的 ' || kpi_id || ' 目标（' || period_grain || '，自 '
        || cast(period_start as string) || ' 起）：' || reason_zh
        || case when is_in_force then '（现行有效）。' else '（未生效）。' end as sentence_zh
    from found
)

select * from told
