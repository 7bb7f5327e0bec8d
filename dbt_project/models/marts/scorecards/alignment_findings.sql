-- One row per finding: a KPI of untied weight (of a period and unit, in the order in which to tie them), a KPI without objective, an objective without KPI. Weights add up within a period and unit.
with

kpis as (
    select * from {{ ref('int_kpi_alignment') }}
    where objective_id is null
),

catalog as (
    select * from {{ ref('kpi_catalog') }}
    where {{ in_force() }}
),

objectives as (
    select * from {{ ref('strategy_objectives') }}
    where {{ in_force() }}
),

untied_weight as (
    select
        'untied_weight' as finding,
        kpis.period_grain,
        kpis.period_start,
        kpis.owner_kind,
        kpis.owner_id,
        kpis.kpi_id,
        cast(null as string) as objective_id,
        kpis.suggested_objective_id,
        kpis.weight,
        kpis.weight_share,
        kpis.place,
        kpis.share_after,
        kpis.is_on_the_way
    from kpis
),

kpi_without_objective as (
    select
        'kpi_without_objective' as finding,
        cast(null as string) as period_grain,
        cast(null as date) as period_start,
        cast(null as string) as owner_kind,
        cast(null as string) as owner_id,
        catalog.kpi_id,
        cast(null as string) as objective_id,
        parents.objective_id as suggested_objective_id,
        cast(null as double) as weight,
        cast(null as double) as weight_share,
        cast(null as bigint) as place,
        cast(null as double) as share_after,
        cast(null as boolean) as is_on_the_way
    from catalog
    left join objectives on catalog.objective_id = objectives.objective_id
    left join catalog as parents on catalog.parent_kpi_id = parents.kpi_id
    where objectives.objective_id is null
),

objective_without_kpi as (
    select
        'objective_without_kpi' as finding,
        cast(null as string) as period_grain,
        cast(null as date) as period_start,
        cast(null as string) as owner_kind,
        cast(null as string) as owner_id,
        cast(null as string) as kpi_id,
        objectives.objective_id,
        cast(null as string) as suggested_objective_id,
        cast(null as double) as weight,
        cast(null as double) as weight_share,
        cast(null as bigint) as place,
        cast(null as double) as share_after,
        cast(null as boolean) as is_on_the_way
    from objectives
    left join catalog on objectives.objective_id = catalog.objective_id
    where catalog.kpi_id is null
),

united as (
    select * from untied_weight
    union all
    select * from kpi_without_objective
    union all
    select * from objective_without_kpi
),

-- What to do: tie the KPI to the objective that its parent serves, or put in its place one that serves any.
said as (
    select
        case
            when finding = 'untied_weight'
                then
                    'weight:' || period_grain || ':' || cast(period_start as string) || ':'
                    || owner_kind || ':' || owner_id || ':' || kpi_id
            when finding = 'kpi_without_objective' then 'kpi:' || kpi_id
            else 'objective:' || objective_id
        end as finding_id,
        finding,
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        kpi_id,
        objective_id,
        suggested_objective_id,
        weight,
        weight_share,
        cast(place as bigint) as place,
        share_after,
        is_on_the_way,
        case
            when objective_id is not null
                then 'Objective ' || objective_id || ' has no KPI: give it one, or let it go.'
            when suggested_objective_id is not null
                then
                    'KPI ' || kpi_id || ' serves no objective: tie it to ' || suggested_objective_id
                    || ', which its parent serves, or replace it.'
            else
                'KPI ' || kpi_id
                || ' serves no objective, and neither does its parent: tie it to one, or replace it.'
        end as sentence,
        case
            when objective_id is not null then '目标 ' || objective_id || ' 没有任何指标：请为其设定指标，或取消该目标。'
            when suggested_objective_id is not null
                then '指标 ' || kpi_id || ' 未对应任何目标：可挂靠其上级指标的目标 ' || suggested_objective_id || '，或替换该指标。'
            else '指标 ' || kpi_id || ' 及其上级指标均未对应任何目标：请挂靠一个目标，或替换该指标。'
        end as sentence_zh
    from united
)

select * from said
