-- One row per bulletin, unit and what is worth reading: the KPIs that moved most, new alarms and target findings. Nothing adds up.
with

policies as (
    select * from {{ ref('review_policies') }} as rules
    where {{ holds_before('rules', business_day(as_of()) ~ ' + 1') }}
),

bulletins as (
    select
        dates.held_on,
        dates.previous_held_on,
        dates.through_on,
        {{ period_start('month', 'dates.through_on') }} as month_start
    from {{ ref('int_rhythm_dates') }} as dates
    inner join policies on dates.days_ago <= policies.rhythm_weeks * 7
    where dates.rhythm_id = 'weekly_bulletin' and dates.is_held
),

compared as (
    select * from {{ ref('int_bulletin_movements') }}
),

targets as (
    select * from {{ ref('int_kpi_targets_resolved') }}
    where period_grain = 'month'
),

findings as (
    select * from {{ ref('target_findings') }}
    where owner_kind in ('team', 'department', 'company')
),

memberships as (
    select * from {{ ref('int_owner_memberships') }}
    where owner_kind in ('team', 'department', 'company')
),

moved as (
    select
        compared.held_on,
        compared.owner_kind,
        compared.owner_id,
        'moved' as item_kind,
        compared.kpi_id as item_id,
        row_number() over (
            partition by compared.held_on, compared.owner_kind, compared.owner_id
            order by abs(compared.relative_change) desc, compared.kpi_id asc
        ) as place,
        compared.kpi_id,
        compared.value,
        compared.previous_value,
        compared.relative_change,
        (compared.relative_change > 0) = (compared.direction = 'higher') as is_better,
        {{ movement_sentence('compared', 'en') }} as sentence,
        {{ movement_sentence('compared', 'zh') }} as sentence_zh
    from compared
    where compared.relative_change <> 0
),

-- A rate is measured against its red flag in any stretch of days; a sum's is of a whole month.
alarms as (
    select
        compared.held_on,
        compared.owner_kind,
        compared.owner_id,
        'red_flag' as item_kind,
        compared.kpi_id as item_id,
        1 as place,
        compared.kpi_id,
        compared.value,
        compared.previous_value,
        compared.relative_change,
        false as is_better,
        compared.name || ' passed its red flag of ' || {{ value_text('targets.red_flag', 'compared.unit') }}
        || ': ' || {{ value_text('compared.value', 'compared.unit') }} || ', after '
        || {{ value_text('compared.previous_value', 'compared.unit') }} || ' the week before.' as sentence,
        compared.name_zh || '越过红线 ' || {{ value_text('targets.red_flag', 'compared.unit') }} || '：本周 '
        || {{ value_text('compared.value', 'compared.unit') }} || '，前一周 '
        || {{ value_text('compared.previous_value', 'compared.unit') }} || '。' as sentence_zh
    from compared
    inner join bulletins on compared.held_on = bulletins.held_on
    inner join targets
        on
            bulletins.month_start = targets.period_start
            and compared.owner_kind = targets.owner_kind
            and compared.owner_id = targets.owner_id
            and compared.kpi_id = targets.kpi_id
    where
        compared.kind <> 'sum'
        and case
            when compared.direction = 'higher'
                then compared.value < targets.red_flag and compared.previous_value >= targets.red_flag
            else compared.value > targets.red_flag and compared.previous_value <= targets.red_flag
        end
),

-- A finding is new in the first bulletin after the approval that it is about.
found as (
    select
        bulletins.held_on,
        findings.owner_kind,
        findings.owner_id,
        'target_finding' as item_kind,
        findings.approval_id || ': ' || findings.finding as item_id,
        1 as place,
        findings.kpi_id,
        cast(null as double) as value,
        cast(null as double) as previous_value,
        cast(null as double) as relative_change,
        cast(null as boolean) as is_better,
        findings.sentence,
        findings.sentence_zh
    from findings
    inner join bulletins
        on findings.approved_on >= bulletins.previous_held_on and findings.approved_on < bulletins.held_on
),

items as (
    select * from moved
    where place <= (select max(policies.bulletin_rows) from policies)
    union all
    select * from alarms
    union all
    select * from found
),

counted as (
    select
        bulletins.held_on,
        memberships.owner_kind,
        memberships.owner_id,
        count(distinct memberships.employee_id) as employee_count
    from bulletins
    inner join memberships
        on memberships.valid_from <= bulletins.through_on and memberships.valid_to > bulletins.through_on
    group by bulletins.held_on, memberships.owner_kind, memberships.owner_id
),

told as (
    select
        items.held_on,
        items.owner_kind,
        items.owner_id,
        cast(coalesce(counted.employee_count, 0) as bigint) as employee_count,
        items.item_kind,
        items.item_id,
        cast(items.place as bigint) as place,
        items.kpi_id,
        items.value,
        items.previous_value,
        items.relative_change,
        items.is_better,
        items.sentence,
        items.sentence_zh
    from items
    left join counted
        on
            items.held_on = counted.held_on
            and items.owner_kind = counted.owner_kind
            and items.owner_id = counted.owner_id
)

select * from told
