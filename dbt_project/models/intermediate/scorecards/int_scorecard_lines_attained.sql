-- Grain: one row a prorated line, with what is wrong with its value and its target, and the attainment.
with

lines as (
    select * from {{ ref('int_scorecard_lines_valued') }}
),

kinds as (
    select
        *,
        curve_kind in ('ratio_to_target', 'piecewise', 'target_range') as is_ratio,
        -- Both sides of a target range are bad: more of the target is more, whichever way the KPI is better.
        direction = 'lower' and curve_kind <> 'target_range' as is_lower_better
    from lines
),

-- A ratio to a target needs a target above 0; a range needs a red flag on the bad side of its goal.
judged as (
    select
        *,
        case
            when not is_measured then 'missing_value'
            when value is null then 'empty_sample'
            when {{ finite('value') }} is null then 'not_a_number'
            when target is null then 'no_target'
            when {{ finite('target') }} is null then 'invalid_target'
            when is_ratio and target <= 0 then 'invalid_target'
            when curve_kind = 'range' and red_flag is null then 'no_red_flag'
            when curve_kind = 'range' and {{ finite('red_flag') }} is null then 'invalid_target'
            when curve_kind = 'range' and not is_lower_better and red_flag >= target then 'invalid_target'
            when curve_kind = 'range' and is_lower_better and red_flag <= target then 'invalid_target'
            when sample_size < minimum_sample and not is_borrowed then 'provisional'
            when is_ratio and is_lower_better and scored_value < 0 then 'invalid_value'
            when is_ratio and is_lower_better and scored_value = 0 then 'zero_value'
            when is_ratio and scored_value < 0 then 'negative_value'
            when is_borrowed then 'borrowed'
            else 'scored'
        end as status
    from kinds
),

attained as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        scorecard_id,
        scorecard_kind,
        kpi_id,
        perspective,
        measured_owner_kind,
        measured_owner_id,
        numerator,
        denominator,
        {{ finite('value') }} as value,
        sample_size,
        minimum_sample,
        role_value,
        {{ finite('scored_value') }} as scored_value,
        {{ finite('target') }} as target,
        {{ finite('red_flag') }} as red_flag,
        curve_id,
        score_floor,
        score_cap,
        missing_policy,
        small_sample_policy,
        weight,
        status,
        -- To nine places: 0.72 of 0.9 is 80 % to the employee, and a hair less to a double.
        round(case
            when status not in ('scored', 'borrowed', 'provisional', 'negative_value') then null
            when curve_kind = 'range' then {{ divide('scored_value - red_flag', 'target - red_flag') }}
            when curve_kind = 'binary' and scored_value = target then 1
            when curve_kind = 'binary' and (scored_value < target) = is_lower_better then 1
            when curve_kind = 'binary' then 0
            when is_lower_better then {{ divide('target', 'scored_value') }}
            else {{ divide('scored_value', 'target') }}
        end, 9) as attainment
    from judged
)

select * from attained
