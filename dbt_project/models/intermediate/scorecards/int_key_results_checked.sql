-- Grain: one row a quarter and key result, with its last check-in within the quarter and how old that is.
with

key_results as (
    select * from {{ ref('key_results') }}
),

objectives as (
    select * from {{ ref('okr_objectives') }}
),

check_ins as (
    select * from {{ ref('fct_okr_check_ins') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

planned as (
    select
        periods.period_grain,
        periods.period_start,
        periods.next_period_start,
        periods.elapsed_until,
        periods.is_closed,
        objectives.objective_id,
        objectives.owner_kind,
        objectives.owner_id,
        key_results.key_result_id,
        key_results.name,
        key_results.name_zh,
        key_results.kind,
        key_results.direction,
        key_results.start_value,
        key_results.target_value,
        key_results.stale_after_days,
        key_results.curve_id,
        key_results.weight
    from key_results
    inner join objectives on key_results.objective_id = objectives.objective_id
    inner join periods
        on
            objectives.quarter_start >= periods.period_start
            and objectives.quarter_start < periods.next_period_start
),

-- A check-in of another quarter is counted as such and does not move the key result.
matched as (
    select
        planned.key_result_id,
        check_ins.checked_in_on,
        check_ins.current_value,
        check_ins.confidence,
        check_ins.checked_in_on >= planned.period_start
        and check_ins.checked_in_on < planned.next_period_start as is_within,
        row_number() over (
            partition by
                planned.key_result_id,
                check_ins.checked_in_on >= planned.period_start
                and check_ins.checked_in_on < planned.next_period_start
            order by check_ins.checked_in_at desc, check_ins.check_in_id desc
        ) as place
    from planned
    inner join check_ins on planned.key_result_id = check_ins.key_result_id
),

checked as (
    select
        key_result_id,
        count(case when is_within then 1 end) as check_in_count,
        count(case when not is_within then 1 end) as outside_check_in_count,
        max(case when is_within and place = 1 then checked_in_on end) as checked_in_on,
        max(case when is_within and place = 1 then current_value end) as current_value,
        max(case when is_within and place = 1 then confidence end) as confidence
    from matched
    group by key_result_id
),

-- Days without a check-in are those up to the last day that has begun.
aged as (
    select
        planned.period_grain,
        planned.period_start,
        planned.is_closed,
        planned.objective_id,
        planned.owner_kind,
        planned.owner_id,
        planned.key_result_id,
        planned.name,
        planned.name_zh,
        planned.kind,
        planned.direction,
        planned.start_value,
        planned.target_value,
        planned.stale_after_days,
        planned.curve_id,
        planned.weight,
        checked.current_value,
        checked.confidence,
        checked.checked_in_on,
        coalesce(checked.check_in_count, 0) as check_in_count,
        coalesce(checked.outside_check_in_count, 0) as outside_check_in_count,
        {{ days_between(
            'coalesce(checked.checked_in_on, planned.period_start)',
            'planned.elapsed_until'
        ) }} - 1 as days_since_check_in
    from planned
    left join checked on planned.key_result_id = checked.key_result_id
)

select * from aged
