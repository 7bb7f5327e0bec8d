-- Grain: one row a progress review, owner and KPI with a target: the value of the quarter to date and where it should be.
with

policies as (
    select * from {{ ref('review_policies') }} as rules
    where {{ holds_before('rules', business_day(as_of()) ~ ' + 1') }}
),

reviews as (
    select
        dates.held_on,
        dates.is_held,
        dates.through_on,
        {{ period_start('quarter', 'dates.through_on') }} as quarter_start,
        cast(policies.pace_tolerance as double) as pace_tolerance
    from {{ ref('int_rhythm_dates') }} as dates
    inner join policies on dates.days_ago <= policies.rhythm_weeks * 7
    where dates.rhythm_id = 'progress_review'
),

targets as (
    select * from {{ ref('int_kpi_targets_resolved') }}
    where period_grain = 'quarter'
),

catalog as (
    select * from {{ ref('dim_kpis') }}
),

quarter_values as (
    select * from {{ ref('int_rhythm_values') }}
    where rhythm_id = 'progress_review'
),

segments as (
    select
        period_start,
        period_days,
        owner_kind,
        owner_id,
        min(segment_from) as owned_from,
        max(segment_until) as owned_until
    from {{ ref('int_scorecard_segments') }}
    where period_grain = 'quarter'
    group by period_start, period_days, owner_kind, owner_id
),

-- Whoever came or left within the quarter answers for their own days of it.
paced as (
    select
        reviews.held_on,
        reviews.is_held,
        reviews.through_on,
        reviews.quarter_start,
        reviews.pace_tolerance,
        segments.period_days,
        {{ days_between('segments.owned_from', 'least(reviews.through_on + 1, segments.owned_until)') }}
            as elapsed_days,
        targets.owner_kind,
        targets.owner_id,
        targets.kpi_id,
        catalog.kind,
        catalog.direction,
        quarter_values.value,
        targets.period_target as target
    from reviews
    inner join targets on reviews.quarter_start = targets.period_start
    inner join catalog on targets.kpi_id = catalog.kpi_id
    inner join segments
        on
            targets.period_start = segments.period_start
            and targets.owner_kind = segments.owner_kind
            and targets.owner_id = segments.owner_id
            and segments.owned_from <= reviews.through_on
    left join quarter_values
        on
            reviews.held_on = quarter_values.held_on
            and targets.owner_kind = quarter_values.owner_kind
            and targets.owner_id = quarter_values.owner_id
            and targets.kpi_id = quarter_values.kpi_id
),

-- By linear pace: a sum should have come as far as the days have; a rate should stand at its target on any day.
expected as (
    select
        held_on,
        is_held,
        through_on,
        quarter_start,
        pace_tolerance,
        period_days,
        elapsed_days,
        owner_kind,
        owner_id,
        kpi_id,
        direction,
        value,
        target,
        case
            when kind = 'sum' then target * {{ divide('elapsed_days', 'period_days') }}
            else target
        end as target_to_date
    from paced
)

select * from expected
