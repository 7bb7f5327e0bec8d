-- One row per KPI, as the catalogue describes it on the day of as_of.
with

catalog as (
    select * from {{ ref('kpi_catalog') }}
),

objectives as (
    select * from {{ ref('strategy_objectives') }}
),

current_versions as (
    select
        kpi_id,
        name,
        name_zh,
        definition,
        definition_zh,
        perspective,
        kind,
        unit,
        direction,
        primary_dimension,
        result_or_process,
        purpose,
        level,
        parent_kpi_id,
        objective_id,
        owner_role,
        minimum_sample,
        statistic,
        expression,
        parameter,
        healthy_value,
        counter_kpi_id,
        kpi_group,
        source
    from catalog
    where {{ happened_by_as_of('valid_from', 'date') }}
    qualify row_number() over (partition by kpi_id order by valid_from desc) = 1
),

current_objectives as (
    select
        objective_id,
        name,
        name_zh
    from objectives
    where {{ happened_by_as_of('valid_from', 'date') }}
    qualify row_number() over (partition by objective_id order by valid_from desc) = 1
),

described as (
    select
        current_versions.kpi_id,
        current_versions.name,
        current_versions.name_zh,
        current_versions.definition,
        current_versions.definition_zh,
        current_versions.perspective,
        current_versions.kind,
        current_versions.unit,
        current_versions.direction,
        current_versions.primary_dimension,
        current_versions.result_or_process,
        current_versions.purpose,
        current_versions.level,
        current_versions.parent_kpi_id,
        current_versions.objective_id,
        current_objectives.name as objective_name,
        current_objectives.name_zh as objective_name_zh,
        current_versions.owner_role,
        current_versions.minimum_sample,
        current_versions.statistic,
        current_versions.expression,
        current_versions.parameter,
        current_versions.healthy_value,
        current_versions.counter_kpi_id,
        current_versions.kpi_group,
        current_versions.source
    from current_versions
    left join current_objectives on current_versions.objective_id = current_objectives.objective_id
)

select * from described
