-- One row per month or quarter and owner: as frozen where the quarter is frozen, else as of today. Nothing adds up.
{%- set shared = [
    'employee_count', 'role_id', 'team_id', 'department_id', 'scorecard_kind', 'kpi_total', 'okr_share', 'okr_total',
    'scorecard_total', 'kpi_okr_share', 'review_share', 'weighted_rating', 'review_status', 'final_score',
    'final_basis', 'coverage', 'status', 'tier_id', 'tier_name', 'tier_name_zh',
] %}
with

frozen as (
    select * from {{ ref('stg_frozen_scorecards') }}
),

reviews as (
    select * from {{ ref('review_chain') }}
    where is_newest_revision
),

live as (
    select * from {{ ref('scorecards') }}
),

shown as (
    select
        'quarter' as period_grain,
        frozen.period_start,
        true as is_closed,
        frozen.owner_kind,
        frozen.known_owner_id as owner_id,
        {%- for column in shared %}
            frozen.{{ column }},
        {%- endfor %}
        'frozen' as basis,
        frozen.revision
    from frozen
    inner join reviews on frozen.quarter = reviews.quarter and frozen.revision = reviews.revision

    union all

    select
        live.period_grain,
        live.period_start,
        live.is_closed,
        live.owner_kind,
        live.owner_id,
        {%- for column in shared %}
            live.{{ column }},
        {%- endfor %}
        live.basis,
        cast(null as bigint) as revision
    from live
    left join reviews on live.period_grain = 'quarter' and live.period_start = reviews.period_start
    where reviews.period_start is null
)

select * from shown
