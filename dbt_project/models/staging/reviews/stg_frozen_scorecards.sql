with

frozen as (
    select * from {{ lake('frozen_scorecards') }}
),

typed as (
    select
        cast(quarter as string) as quarter,
        cast(revision as bigint) as revision,
        cast(period_start as date) as period_start,
        cast(owner_kind as string) as owner_kind,
        cast(owner_id as string) as owner_id,
        cast(known_owner_id as string) as known_owner_id,
        cast(employee_count as bigint) as employee_count,
        cast(role_id as string) as role_id,
        cast(team_id as string) as team_id,
        cast(department_id as string) as department_id,
        cast(scorecard_kind as string) as scorecard_kind,
        cast(kpi_total as double) as kpi_total,
        cast(okr_share as double) as okr_share,
        cast(okr_total as double) as okr_total,
        cast(scorecard_total as double) as scorecard_total,
        cast(kpi_okr_share as double) as kpi_okr_share,
        cast(review_share as double) as review_share,
        cast(weighted_rating as double) as weighted_rating,
        cast(review_status as string) as review_status,
        cast(final_score as decimal(18, 2)) as final_score,
        cast(final_basis as string) as final_basis,
        cast(coverage as double) as coverage,
        cast(status as string) as status,
        cast(tier_id as string) as tier_id,
        cast(tier_name as string) as tier_name,
        cast(tier_name_zh as string) as tier_name_zh
    from frozen
)

select * from typed
