-- Grain: one row a KPI, grain and unit of more than one employee that has a target in force, beside its own past.
with

unit_values as (
    select * from {{ ref('int_unit_values') }}
    where owner_kind in ('company', 'department', 'team') and employee_count > 1 and is_closed
),

targets as (
    select * from {{ ref('kpi_targets') }}
    where {{ in_force() }}
),

stretches as (
    select * from {{ ref('stretch_targets') }}
    where {{ in_force() }}
),

-- For whom a target is meant: who is measured by it on a scorecard, and whom it names; of a KPI on no scorecard the
-- company.
measured as (
    select distinct
        kpi_id,
        measured_owner_kind as owner_kind,
        measured_owner_id as owner_id
    from {{ ref('kpi_scores') }}
),

directions as (
    select
        kpi_id,
        direction
    from {{ ref('dim_kpis') }}
),

histories as (
    select
        kpi_id,
        period_grain,
        owner_kind,
        owner_id,
        count(value) as periods,
        {{ history_percentile('value', var('achievable_from_percentile')) }} as band_from,
        {{ history_percentile('value', var('achievable_to_percentile')) }} as band_to
    from unit_values
    group by kpi_id, period_grain, owner_kind, owner_id
),

-- The nearest target, as the scores take it: the unit's own, then that of all of its kind, then that of all.
nearest as (
    select
        histories.kpi_id,
        histories.period_grain,
        histories.owner_kind,
        histories.owner_id,
        histories.periods,
        histories.band_from - {{ var('achievable_margin') }} * abs(histories.band_from) as plausible_from,
        histories.band_to + {{ var('achievable_margin') }} * abs(histories.band_to) as plausible_to,
        cast(targets.target as double) as target
    from histories
    inner join targets
        on
            histories.kpi_id = targets.kpi_id
            and targets.period_grain in (histories.period_grain, '*')
            and (
                targets.owner_kind = '*'
                or (
                    targets.owner_kind = histories.owner_kind
                    and targets.owner_id in (histories.owner_id, '*')
                )
            )
    left join measured
        on
            histories.kpi_id = measured.kpi_id
            and histories.owner_kind = measured.owner_kind
            and histories.owner_id = measured.owner_id
    where
        measured.kpi_id is not null
        or targets.owner_id = histories.owner_id
        or (
            histories.owner_kind = 'company'
            and not exists (
                select 1
                from measured as lines
                where lines.kpi_id = histories.kpi_id
            )
        )
    qualify row_number() over (
        partition by histories.kpi_id, histories.period_grain, histories.owner_kind, histories.owner_id
        order by
            case targets.owner_kind when '*' then 1 else 0 end,
            case targets.owner_id when '*' then 1 else 0 end,
            case targets.period_grain when '*' then 1 else 0 end
    ) = 1
),

judged as (
    select
        nearest.kpi_id,
        nearest.period_grain,
        nearest.owner_kind,
        nearest.owner_id,
        nearest.periods,
        nearest.plausible_from,
        nearest.plausible_to,
        nearest.target,
        stretches.kpi_id is not null as is_flagged_as_stretch,
        case
            when nearest.periods < {{ var('achievable_minimum_periods') }} then 'too_little_history'
            when nearest.target between nearest.plausible_from and nearest.plausible_to then 'plausible'
            when (nearest.target > nearest.plausible_to) = (directions.direction = 'higher')
                then 'out_of_reach'
            else 'no_effort'
        end as verdict
    from nearest
    inner join directions on nearest.kpi_id = directions.kpi_id
    left join stretches
        on
            nearest.kpi_id = stretches.kpi_id
            and nearest.owner_kind = stretches.owner_kind
            and nearest.owner_id = stretches.owner_id
)

select * from judged
