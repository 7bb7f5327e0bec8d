-- Grain: one row a prorated line with its value, its target and, where the sample is too small, the value it borrows.
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
        kpi_values.kpi_id is not null as is_measured,
        kpi_values.numerator,
        kpi_values.denominator,
        kpi_values.value,
        coalesce(kpi_values.sample_size, 0) as sample_size,
        targets.target,
        targets.red_flag,
        lines.curve_id,
        curves.curve_kind,
        lines.score_floor,
        lines.score_cap,
        lines.missing_policy,
        lines.small_sample_policy,
        lines.weight,
        {{ finite('role_values.value') }} as role_value,
        -- So many observations at the role's rate are added to the employee's own. A mean can be borrowed: a sum, a
        -- share of everybody's or a statistic of observations can not.
        case when catalog.kind = 'ratio' then {{ divide(
            'kpi_values.numerator + catalog.minimum_sample * '
            ~ divide('role_values.numerator', 'role_values.sample_size'),
            'kpi_values.denominator + catalog.minimum_sample * '
            ~ divide('role_values.denominator', 'role_values.sample_size')
        ) }} end as shrunk_value
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
    -- Only roles of enough holders are there: of two, each could read the other's value.
    left join kpi_values as role_values
        on
            lines.period_grain = role_values.period_grain
            and lines.period_start = role_values.period_start
            and lines.measured_owner_kind = 'employee'
            and role_values.owner_kind = 'role'
            and lines.role_id = role_values.owner_id
            and lines.kpi_id = role_values.kpi_id
    left join targets
        on
            lines.period_grain = targets.period_grain
            and lines.period_start = targets.period_start
            and lines.measured_owner_kind = targets.owner_kind
            and lines.measured_owner_id = targets.owner_id
            and lines.kpi_id = targets.kpi_id
),

-- A value that rests on nothing of the employee's own is not borrowed: it would say nothing about them.
borrowed as (
    select
        *,
        coalesce(
            small_sample_policy = 'borrow'
            and sample_size > 0
            and sample_size < minimum_sample
            and {{ finite('value') }} is not null
            and {{ finite('shrunk_value') }} is not null,
            false
        ) as is_borrowed
    from joined
),

valued as (
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
        minimum_sample,
        measured_owner_kind,
        measured_owner_id,
        is_measured,
        numerator,
        denominator,
        value,
        sample_size,
        case when is_borrowed then role_value end as role_value,
        case when is_borrowed then shrunk_value else value end as scored_value,
        is_borrowed,
        target,
        red_flag,
        curve_id,
        curve_kind,
        score_floor,
        score_cap,
        missing_policy,
        small_sample_policy,
        weight
    from borrowed
)

select * from valued
