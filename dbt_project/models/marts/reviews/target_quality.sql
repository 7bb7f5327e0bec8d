-- One row per quarter and KPI that scorecards measure somebody by: whether its targets are any good. Nothing adds up; owners hold each other.
with

thresholds as (
    {{ effectiveness_thresholds([
        'sandbagged_attainment', 'impossible_attainment', 'most_periods', 'target_periods', 'minimum_target_periods',
        'target_fault_share',
    ]) }}
),

quarters as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

targets as (
    select * from {{ ref('kpi_targets') }}
),

-- Whoever is measured counts once, however many scorecards show it.
owners as (
    select
        period_start,
        kpi_id,
        measured_owner_kind as owner_kind,
        measured_owner_id as owner_id,
        max(attainment) as attainment,
        max(case
            when measured_owner_kind = 'employee' then 1
            when owner_kind = measured_owner_kind and owner_id = measured_owner_id and employee_count = 1
                then 1
            else 0
        end) as is_one_employee
    from {{ ref('kpi_scores') }}
    where period_grain = 'quarter'
    group by period_start, kpi_id, measured_owner_kind, measured_owner_id
),

habits as (
    select
        owners.period_start,
        owners.kpi_id,
        owners.owner_kind,
        owners.owner_id,
        count(past.attainment) as periods,
        count(case when past.attainment > thresholds.sandbagged_attainment then 1 end) as far_above,
        count(case when past.attainment < thresholds.impossible_attainment then 1 end) as far_below,
        count(case when past.attainment >= 1 then 1 end) as met
    from owners
    cross join thresholds
    inner join owners as past
        on
            owners.kpi_id = past.kpi_id
            and owners.owner_kind = past.owner_kind
            and owners.owner_id = past.owner_id
            and past.period_start <= owners.period_start
            and past.period_start
            > cast(
                owners.period_start
                - cast(thresholds.target_periods * 3 as integer) * interval '1' month as date
            )
    group by owners.period_start, owners.kpi_id, owners.owner_kind, owners.owner_id
),

-- Impossible is what nobody like this owner ever reached, not what was missed for a while.
judged as (
    select
        habits.period_start,
        habits.kpi_id,
        habits.owner_kind,
        habits.owner_id,
        habits.periods >= thresholds.minimum_target_periods as is_judged,
        habits.periods >= thresholds.minimum_target_periods
        and habits.far_above > thresholds.most_periods * habits.periods as is_sandbagged,
        habits.periods >= thresholds.minimum_target_periods
        and habits.met = 0 and habits.far_below > thresholds.most_periods * habits.periods as is_impossible
    from habits
    cross join thresholds
),

late as (
    select
        period_start,
        kpi_id,
        count(*) as late_targets
    from {{ ref('int_kpi_targets_resolved') }}
    where period_grain = 'quarter' and approval_status = 'approved_late'
    group by period_start, kpi_id
),

-- A target that another row follows on a later day than the quarter's first, and with another number.
changes as (
    select
        quarters.period_start,
        targets.kpi_id,
        count(*) as changed_targets
    from quarters
    inner join targets
        on
            targets.valid_from > quarters.period_start
            and targets.valid_from < quarters.elapsed_until
            and targets.period_grain in ('quarter', '*')
    inner join targets as earlier
        on
            targets.kpi_id = earlier.kpi_id
            and targets.owner_kind = earlier.owner_kind
            and targets.owner_id = earlier.owner_id
            and targets.period_grain = earlier.period_grain
            and targets.valid_from = earlier.valid_to
    where
        targets.target <> earlier.target
        or coalesce(targets.red_flag, 0) <> coalesce(earlier.red_flag, 0)
    group by quarters.period_start, targets.kpi_id
),

summed as (
    select
        owners.period_start,
        owners.kpi_id,
        count(*) as owner_count,
        sum(owners.is_one_employee) as employee_count,
        count(owners.attainment) as attained_count,
        count(case when owners.attainment >= 1 then 1 end) as met_count,
        {{ history_percentile('owners.attainment', 0.1) }} as attainment_low,
        {{ history_percentile('owners.attainment', 0.5) }} as attainment_median,
        {{ history_percentile('owners.attainment', 0.9) }} as attainment_high,
        count(case when judged.is_judged then 1 end) as judged_count,
        count(case when judged.is_sandbagged then 1 end) as sandbagged_count,
        count(case when judged.is_impossible then 1 end) as impossible_count
    from owners
    inner join judged
        on
            owners.period_start = judged.period_start
            and owners.kpi_id = judged.kpi_id
            and owners.owner_kind = judged.owner_kind
            and owners.owner_id = judged.owner_id
    group by owners.period_start, owners.kpi_id
),

found as (
    select
        summed.period_start,
        quarters.is_closed,
        summed.kpi_id,
        kpis.name,
        kpis.name_zh,
        cast(summed.owner_count as bigint) as owner_count,
        cast(summed.employee_count as bigint) as employee_count,
        cast(summed.attained_count as bigint) as attained_count,
        cast(summed.met_count as bigint) as met_count,
        {{ divide('summed.met_count', 'summed.attained_count') }} as met_share,
        summed.attainment_low,
        summed.attainment_median,
        summed.attainment_high,
        cast(summed.judged_count as bigint) as judged_count,
        cast(summed.sandbagged_count as bigint) as sandbagged_count,
        cast(summed.impossible_count as bigint) as impossible_count,
        cast(coalesce(changes.changed_targets, 0) as bigint) as changed_targets,
        cast(coalesce(late.late_targets, 0) as bigint) as late_targets
    from summed
    inner join quarters on summed.period_start = quarters.period_start
    left join kpis on summed.kpi_id = kpis.kpi_id
    left join changes on summed.period_start = changes.period_start and summed.kpi_id = changes.kpi_id
    left join late on summed.period_start = late.period_start and summed.kpi_id = late.kpi_id
),

-- One owner among many is that owner's matter.
called as (
    select
        found.period_start,
        found.is_closed,
        found.kpi_id,
        found.name,
        found.name_zh,
        found.owner_count,
        found.employee_count,
        found.attained_count,
        found.met_count,
        found.met_share,
        found.attainment_low,
        found.attainment_median,
        found.attainment_high,
        found.judged_count,
        found.sandbagged_count,
        found.impossible_count,
        found.changed_targets,
        found.late_targets,
        found.sandbagged_count > 0
        and found.sandbagged_count >= thresholds.target_fault_share * found.judged_count as is_sandbagged,
        found.impossible_count > 0
        and found.impossible_count >= thresholds.target_fault_share * found.judged_count as is_impossible
    from found
    cross join thresholds
),

said as (
    select
        period_start,
        is_closed,
        kpi_id,
        name,
        name_zh,
        owner_count,
        employee_count,
        attained_count,
        met_count,
        met_share,
        attainment_low,
        attainment_median,
        attainment_high,
        judged_count,
        sandbagged_count,
        impossible_count,
        changed_targets,
        late_targets,
        case
            when is_sandbagged and is_impossible then 'mixed'
            when is_sandbagged then 'sandbagged'
            when is_impossible then 'impossible'
            when changed_targets + late_targets > 0 then 'moved'
            when judged_count = 0 then 'too_little_history'
            else 'sound'
        end as finding,
        'Met by ' || cast(met_count as string) || ' of ' || cast(attained_count as string) || '; of '
        || cast(judged_count as string) || ' with enough quarters, ' || cast(sandbagged_count as string)
        || ' asked too little and ' || cast(impossible_count as string)
        || ' too much; changed inside the quarter: ' || cast(changed_targets as string)
        || '; approved too late: ' || cast(late_targets as string) || '.' as reason,
        cast(attained_count as string) || ' 个责任方中 ' || cast(met_count as string)
        || ' 个达标；历史足够的 ' || cast(judged_count as string) || ' 个中，目标过低 '
        || cast(sandbagged_count as string) || ' 个，过高 ' || cast(impossible_count as string)
        || ' 个；季内调整 ' || cast(changed_targets as string) || ' 次，迟批 ' || cast(late_targets as string)
        || ' 个。' as reason_zh
    from called
)

select * from said
