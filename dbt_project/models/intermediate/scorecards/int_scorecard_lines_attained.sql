-- Grain: one row a prorated line, with its value, its target, what is wrong with them, and the attainment.
with

lines as (
    select * from {{ ref('int_scorecard_lines_prorated') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

kpi_values as (
    select * from {{ ref('kpi_values') }}
),

targets as (
    select * from {{ ref('int_kpi_targets_resolved') }}
),

catalog as (
    select * from {{ ref('kpi_catalog') }}
),

curves as (
    select distinct
        curve_id,
        curve_kind
    from {{ ref('scoring_curves') }}
),

joined as (
    select
        lines.period_grain,
        lines.period_start,
        periods.is_closed,
        lines.owner_kind,
        lines.owner_id,
        lines.scorecard_id,
        lines.scorecard_kind,
        lines.kpi_id,
        catalog.perspective,
        catalog.direction,
        catalog.minimum_sample,
        lines.measured_owner_kind,
        lines.measured_owner_id,
        kpi_values.numerator,
        kpi_values.denominator,
        {{ finite('kpi_values.value') }} as value,
        kpi_values.sample_size,
        {{ finite('targets.target') }} as target,
        {{ finite('targets.red_flag') }} as red_flag,
        lines.curve_id,
        curves.curve_kind,
        lines.missing_policy,
        lines.weight
    from lines
    inner join periods
        on lines.period_grain = periods.period_grain and lines.period_start = periods.period_start
    -- The catalogue as it stood on the period's last day.
    inner join catalog
        on
            lines.kpi_id = catalog.kpi_id
            and catalog.valid_from < periods.elapsed_until
            and (catalog.valid_to is null or catalog.valid_to >= periods.elapsed_until)
    inner join curves on lines.curve_id = curves.curve_id
    left join kpi_values
        on
            lines.period_grain = kpi_values.period_grain
            and lines.period_start = kpi_values.period_start
            and lines.measured_owner_kind = kpi_values.owner_kind
            and lines.measured_owner_id = kpi_values.owner_id
            and lines.kpi_id = kpi_values.kpi_id
    left join targets
        on
            lines.period_grain = targets.period_grain
            and lines.period_start = targets.period_start
            and lines.measured_owner_kind = targets.owner_kind
            and lines.measured_owner_id = targets.owner_id
            and lines.kpi_id = targets.kpi_id
),

-- A ratio to a target needs a target above 0; a range needs a red flag on the bad side of its goal.
judged as (
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
        direction,
        measured_owner_kind,
        measured_owner_id,
        numerator,
        denominator,
        value,
        sample_size,
        target,
        red_flag,
        curve_id,
        curve_kind,
        missing_policy,
        weight,
        case
            when value is null then 'missing_value'
            when target is null then 'no_target'
            when curve_kind in ('ratio_to_target', 'piecewise') and target <= 0 then 'invalid_target'
            when curve_kind = 'range' and red_flag is null then 'no_red_flag'
            when curve_kind = 'range' and direction = 'higher' and red_flag >= target then 'invalid_target'
            when curve_kind = 'range' and direction = 'lower' and red_flag <= target then 'invalid_target'
            when sample_size < minimum_sample then 'provisional'
            when curve_kind in ('ratio_to_target', 'piecewise') and direction = 'lower' and value < 0
                then 'invalid_value'
            when curve_kind in ('ratio_to_target', 'piecewise') and direction = 'lower' and value = 0
                then 'zero_value'
            else 'scored'
        end as status
    from joined
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
        value,
        sample_size,
        target,
        red_flag,
        curve_id,
        missing_policy,
        weight,
        status,
        -- To nine places: 0.72 of 0.9 is 80 % to the employee, and a hair less to a double.
        round(case
            when status not in ('scored', 'provisional') then null
            when curve_kind = 'range' then {{ divide('value - red_flag', 'target - red_flag') }}
            when curve_kind = 'binary' and (direction = 'higher' and value >= target or value = target) then 1
            when curve_kind = 'binary' and direction = 'lower' and value < target then 1
            when curve_kind = 'binary' then 0
            when direction = 'higher' then {{ divide('value', 'target') }}
            else {{ divide('target', 'value') }}
        end, 9) as attainment
    from judged
)

select * from attained
