-- Grain: one row a quarter, employee and KPI of a development card, with the learning resource for the score.
with

lines as (
    select * from {{ ref('int_development_lines') }}
    where place <= {{ var('development_card_lines') }}
),

resources as (
    select * from {{ ref('learning_resources') }}
),

-- The KPI's own before one for any; without a score, that for the lowest.
suggested as (
    select
        lines.period_start,
        lines.employee_id,
        lines.kpi_id,
        resources.resource_id,
        resources.level,
        resources.name as resource_name,
        resources.name_zh as resource_name_zh,
        resources.reference as resource_reference
    from lines
    inner join resources
        on
            resources.kpi_id in (lines.kpi_id, '*')
            and (resources.score_from is null or coalesce(lines.score, 0) >= resources.score_from)
            and (resources.score_to is null or coalesce(lines.score, 0) < resources.score_to)
    qualify row_number() over (
        partition by lines.period_start, lines.employee_id, lines.kpi_id
        order by case when resources.kpi_id = '*' then 1 else 0 end, resources.resource_id
    ) = 1
)

select * from suggested
