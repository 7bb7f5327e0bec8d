-- Grain: one row a bulletin, unit and KPI measured in both weeks: how it moved. A week is the seven days before.
with

weeks as (
    select * from {{ ref('int_rhythm_values') }}
    where rhythm_id = 'weekly_bulletin'
),

catalog as (
    select * from {{ ref('dim_kpis') }}
),

-- A week of too few says more of chance than of the team; what is only to be kept in order is no news of a week.
compared as (
    select
        week.held_on,
        week.owner_kind,
        week.owner_id,
        week.kpi_id,
        catalog.name,
        catalog.name_zh,
        catalog.unit,
        catalog.direction,
        catalog.kind,
        week.value,
        week_before.value as previous_value,
        {{ divide('week.value - week_before.value', 'abs(week_before.value)') }} as relative_change
    from weeks as week
    inner join weeks as week_before
        on
            week_before.stretch = 'week_before'
            and week.held_on = week_before.held_on
            and week.owner_kind = week_before.owner_kind
            and week.owner_id = week_before.owner_id
            and week.kpi_id = week_before.kpi_id
    inner join catalog on week.kpi_id = catalog.kpi_id
    where
        week.stretch = 'week'
        and catalog.purpose <> 'hygiene'
        and least(week.sample_size, week_before.sample_size) >= catalog.minimum_sample
)

select * from compared
