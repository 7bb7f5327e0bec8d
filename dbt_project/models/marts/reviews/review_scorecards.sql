-- One row per quarter, revision and owner, as it was frozen before this build. Nothing adds up; revisions repeat a quarter.
with

frozen as (
    select * from {{ ref('stg_frozen_scorecards') }}
),

newest as (
    select
        quarter,
        max(revision) as revision
    from frozen
    group by quarter
),

marked as (
    select
        frozen.quarter,
        frozen.revision,
        frozen.revision = newest.revision as is_newest_revision,
        frozen.period_start,
        frozen.owner_kind,
        frozen.owner_id,
        frozen.employee_count,
        frozen.role_id,
        frozen.team_id,
        frozen.department_id,
        frozen.scorecard_kind,
        frozen.kpi_total,
        frozen.okr_share,
        frozen.okr_total,
        frozen.scorecard_total,
        frozen.kpi_okr_share,
        frozen.review_share,
        frozen.weighted_rating,
        frozen.review_status,
        frozen.final_score,
        frozen.final_basis,
        frozen.coverage,
        frozen.status,
        frozen.tier_id,
        frozen.tier_name,
        frozen.tier_name_zh,
        cast('frozen' as string) as basis
    from frozen
    inner join newest on frozen.quarter = newest.quarter
)

select * from marked
