-- One row per quarter and key result. Progress, confidence and scores do not add up; weights of an objective make 100.
with

checked as (
    select * from {{ ref('int_key_results_checked') }}
),

owners as (
    select * from {{ ref('int_owner_periods') }}
),

bands as (
    select * from {{ ref('int_scoring_bands') }}
),

judged as (
    select
        *,
        days_since_check_in > stale_after_days as is_stale,
        case
            when direction = 'higher' and target_value <= start_value then 'invalid_target'
            when direction = 'lower' and target_value >= start_value then 'invalid_target'
            when current_value is null then 'no_check_in'
            when days_since_check_in > stale_after_days then 'stale'
            else 'scored'
        end as status
    from checked
),

-- The way from start to target that has been gone; of something done or not done, all of it or nothing.
progressed as (
    select
        *,
        round(case
            when status not in ('scored', 'stale') then null
            when kind = 'binary' and (current_value = target_value) then 1
            when kind = 'binary' and (current_value < target_value) = (direction = 'lower') then 1
            when kind = 'binary' then 0
            else {{ clamp(divide('current_value - start_value', 'target_value - start_value'), 0, 1) }}
        end, 9) as progress
    from judged
),

scored as (
    select
        progressed.period_grain,
        progressed.period_start,
        progressed.is_closed,
        progressed.objective_id,
        progressed.key_result_id,
        progressed.owner_kind,
        progressed.owner_id,
        cast(coalesce(owners.employee_count, 0) as bigint) as employee_count,
        progressed.name,
        progressed.name_zh,
        progressed.kind,
        progressed.direction,
        progressed.start_value,
        progressed.target_value,
        progressed.current_value,
        progressed.progress,
        progressed.confidence,
        progressed.check_in_count,
        progressed.outside_check_in_count,
        progressed.checked_in_on,
        progressed.days_since_check_in,
        progressed.stale_after_days,
        progressed.is_stale,
        progressed.curve_id,
        {{ curve_score('progressed.progress') }} as score,
        progressed.weight,
        progressed.status
    from progressed
    left join bands on progressed.curve_id = bands.curve_id and {{ band_holds('progressed.progress') }}
    left join owners
        on
            progressed.period_grain = owners.period_grain
            and progressed.period_start = owners.period_start
            and progressed.owner_kind = owners.owner_kind
            and progressed.owner_id = owners.owner_id
)

select * from scored
