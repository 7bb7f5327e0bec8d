with

frozen as (
    select * from {{ lake('frozen_kpi_scores') }}
),

typed as (
    select
        cast(quarter as string) as quarter,
        cast(revision as bigint) as revision,
        cast(period_start as date) as period_start,
        cast(owner_kind as string) as owner_kind,
        cast(owner_id as string) as owner_id,
        cast(employee_count as bigint) as employee_count,
        cast(scorecard_id as string) as scorecard_id,
        cast(kpi_id as string) as kpi_id,
        cast(measured_owner_kind as string) as measured_owner_kind,
        cast(measured_owner_id as string) as measured_owner_id,
        cast(numerator as double) as numerator,
        cast(value as double) as value,
        cast(target as double) as target,
        cast(curve_id as string) as curve_id,
        cast(score as double) as score,
        cast(weight as double) as weight,
        cast(contribution as double) as contribution,
        cast(status as string) as status
    from frozen
)

select * from typed
