-- One row per link in force: a cause, an objective or a KPI, and what it is expected to bring about, and after how long. Nothing adds up.
with

links as (
    select * from {{ ref('strategy_links') }}
    where {{ in_force() }}
),

ends as (
    select
        'objective' as cause_kind,
        objective_id as id,
        name,
        name_zh,
        perspective
    from {{ ref('strategy_objectives') }}
    where {{ in_force() }}
    union all
    select
        'kpi' as cause_kind,
        kpi_id,
        name,
        name_zh,
        perspective
    from {{ ref('kpi_catalog') }}
    where {{ in_force() }}
),

named as (
    select
        links.cause_kind,
        links.cause_id,
        causes.name as cause_name,
        causes.name_zh as cause_name_zh,
        causes.perspective as cause_perspective,
        links.effect_id,
        effects.name as effect_name,
        effects.name_zh as effect_name_zh,
        effects.perspective as effect_perspective,
        links.relation,
        links.expected_sign,
        links.lag_weeks,
        links.owner_kind,
        links.owner_id,
        links.rationale,
        links.rationale_zh
    from links
    inner join ends as causes on links.cause_kind = causes.cause_kind and links.cause_id = causes.id
    inner join ends as effects on links.cause_kind = effects.cause_kind and links.effect_id = effects.id
)

select * from named
