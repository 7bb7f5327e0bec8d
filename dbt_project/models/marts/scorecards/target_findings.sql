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
    'outside_plausible_range': (
        'approvals.is_implausible',
        'it lies outside of what comparable quarters make plausible, and no comment says why',
        '超出可比季度的合理范围，且未附说明'
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

targets as (
    select * from {{ ref('int_kpi_targets_resolved') }}
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

-- What is in force for the owner and period, whatever was approved.
standing as (
    select
        found.approval_id,
        found.finding,
        found.kpi_id,
        found.owner_kind,
        found.owner_id,
        found.period_grain,
        found.period_start,
        found.target,
        found.red_flag,
        found.approved_by,
        found.approved_at,
        found.approved_on,
        found.approval_status,
        found.is_in_force,
        found.reason,
        found.reason_zh,
        cast(targets.period_target as decimal(18, 6)) as holding_target
    from found
    left join targets
        on
            found.period_grain = targets.period_grain
            and found.period_start = targets.period_start
            and found.owner_kind = targets.owner_kind
            and found.owner_id = targets.owner_id
            and found.kpi_id = targets.kpi_id
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
        holding_target,
        'Target of ' || kpi_id || ' for ' || owner_kind || ' ' || owner_id || ', ' || period_grain || ' from '
        || cast(period_start as string) || ': ' || reason
        || case
            when is_in_force then ' (it holds).'
            when holding_target is not null
                then ' (it does not hold; ' || {{ plain_number('holding_target') }} || ' does).'
            else ' (it does not hold).'
        end as sentence,
        owner_kind || ' ' || owner_id || ' 的 ' || kpi_id || ' 目标（' || period_grain || '，自 '
        || cast(period_start as string) || ' 起）：' || reason_zh
        || case
            when is_in_force then '（现行有效）。'
            when holding_target is not null then '（未生效，现行目标为 ' || {{ plain_number('holding_target') }} || '）。'
            else '（未生效）。'
        end as sentence_zh
    from standing
)

select * from told
