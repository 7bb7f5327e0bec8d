-- Grain: one row a quarter and KPI that employees are measured by: whether it tells them apart and ranks them as before.
-- Empty where fewer employees than minimum_owners stand behind it. Nothing adds up.
with

thresholds as (
    {{ effectiveness_thresholds(['minimum_owners', 'minimum_owner_weeks']) }}
),

employee_values as (
    select
        period_grain,
        period_start,
        {{ period_start('quarter', 'next_period_start - 1') }} as quarter_start,
        is_closed,
        owner_id,
        kpi_id,
        {{ finite('value') }} as value
    from {{ ref('kpi_values') }}
    where owner_kind = 'employee' and period_grain in ('week', 'quarter') and value is not null
),

weeks as (
    select
        quarter_start,
        kpi_id,
        owner_id,
        value
    from employee_values
    where period_grain = 'week' and is_closed and value is not null
),

scales as (
    select
        quarter_start,
        kpi_id,
        (max(value) + min(value)) / 2 as middle,
        (max(value) - min(value)) / 2 as half_range
    from weeks
    group by quarter_start, kpi_id
),

-- On a scale of -1 to 1 sums can neither overflow nor lose what matters; values all the same are 0.
scaled as (
    select
        weeks.quarter_start,
        weeks.kpi_id,
        weeks.owner_id,
        coalesce({{ divide('weeks.value - scales.middle', 'scales.half_range') }}, 0) as value
    from weeks
    inner join scales on weeks.quarter_start = scales.quarter_start and weeks.kpi_id = scales.kpi_id
),

owners as (
    select
        quarter_start,
        kpi_id,
        owner_id,
        cast(count(*) as double) as n,
        {{ exact_sum('value') }} as sum_x,
        {{ exact_sum('value * value') }} as sum_xx
    from scaled
    group by quarter_start, kpi_id, owner_id
),

analysed as (
    select
        owners.quarter_start,
        owners.kpi_id,
        cast(count(*) as double) as owner_count,
        {{ exact_sum('owners.n') }} as n,
        {{ exact_sum('owners.sum_x') }} as sum_x,
        {{ exact_sum('owners.sum_x * owners.sum_x / owners.n') }} as sum_of_owners,
        {{ exact_sum('owners.sum_xx') }} as sum_xx
    from owners
    inner join thresholds on owners.n >= thresholds.minimum_owner_weeks
    group by owners.quarter_start, owners.kpi_id
),

-- Analysis of variance: between employees, and within one from week to week.
squared as (
    select
        quarter_start,
        kpi_id,
        owner_count,
        {{ divide('sum_of_owners - sum_x * sum_x / n', 'owner_count - 1') }} as between_owners,
        {{ divide('sum_xx - sum_of_owners', 'n - owner_count') }} as within_owners
    from analysed
),

quarters as (
    select
        period_start,
        kpi_id,
        owner_id,
        value,
        lag(value) over owner_kpi as value_before,
        lag(period_start) over owner_kpi as period_before
    from employee_values
    where period_grain = 'quarter' and value is not null
    window owner_kpi as (partition by kpi_id, owner_id order by period_start)
),

ranked as (
    select
        period_start,
        kpi_id,
        rank() over (pair order by value)
        + (count(*) over (partition by period_start, kpi_id, value) - 1) / 2.0 as rank_now,
        rank() over (pair order by value_before)
        + (count(*) over (partition by period_start, kpi_id, value_before) - 1) / 2.0 as rank_before
    from quarters
    where period_before = cast(period_start - interval '3' month as date)
    window pair as (partition by period_start, kpi_id)
),

rank_sums as (
    select
        period_start,
        kpi_id,
        cast(count(*) as double) as n,
        {{ exact_sum('rank_now') }} as sum_x,
        {{ exact_sum('rank_before') }} as sum_y,
        {{ exact_sum('rank_now * rank_now') }} as sum_xx,
        {{ exact_sum('rank_before * rank_before') }} as sum_yy,
        {{ exact_sum('rank_now * rank_before') }} as sum_xy
    from ranked
    group by period_start, kpi_id
),

compared as (
    select
        squared.quarter_start as period_start,
        squared.kpi_id,
        cast(squared.owner_count as bigint) as owner_count,
        -- What of the spread of employees' means is not chance: 1 - 1/F. Of values all the same, nothing.
        case
            when squared.within_owners is null then null
            when squared.between_owners > 1e-12
                then {{ clamp('1 - squared.within_owners / squared.between_owners', 0, 1) }}
            else 0
        end as discrimination,
        case
            when rank_sums.n >= thresholds.minimum_owners
                then {{ correlation_of_sums(
                    'rank_sums.n', 'rank_sums.sum_x', 'rank_sums.sum_y', 'rank_sums.sum_xx', 'rank_sums.sum_yy',
                    'rank_sums.sum_xy'
                ) }}
        end as stability
    from squared
    inner join thresholds on squared.owner_count >= thresholds.minimum_owners
    left join rank_sums
        on squared.quarter_start = rank_sums.period_start and squared.kpi_id = rank_sums.kpi_id
)

select * from compared
