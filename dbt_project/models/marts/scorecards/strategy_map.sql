-- One row per month or quarter and objective in force: how its KPIs stand. The worst of them decides; nothing adds up over objectives that share a KPI's parts.
with

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

catalog as (
    select * from {{ ref('kpi_catalog') }}
),

objectives as (
    select * from {{ ref('strategy_objectives') }}
),

links as (
    select * from {{ ref('strategy_links') }}
    where cause_kind = 'objective'
),

kpi_statuses as (
    select * from {{ ref('int_kpi_statuses') }}
),

thresholds as (
    select * from {{ ref('objective_statuses') }}
),

named_statuses as (
    select distinct
        place,
        status,
        name,
        name_zh
    from thresholds
),

held as (
    select
        periods.period_grain,
        periods.period_start,
        periods.is_closed,
        periods.elapsed_until,
        objectives.objective_id,
        objectives.name,
        objectives.name_zh,
        objectives.perspective,
        objectives.owner_role
    from periods
    inner join objectives on {{ in_force_until('objectives', 'periods.elapsed_until') }}
    where periods.period_grain in ('month', 'quarter')
),

{% set worst_first = 'kpi_statuses.place desc, kpi_statuses.attainment, kpi_statuses.kpi_id' %}
counted as (
    select
        held.period_grain,
        held.period_start,
        held.objective_id,
        count(catalog.kpi_id) as kpi_count,
        count(kpi_statuses.place) as measured_kpi_count,
        count(case when kpi_statuses.place = 1 then 1 end) as on_track_kpi_count,
        max(kpi_statuses.place) as place,
        {{ ordered_text('kpi_statuses.kpi_id', worst_first) }} as kpis
    from held
    left join catalog
        on held.objective_id = catalog.objective_id and {{ in_force_until('catalog', 'held.elapsed_until') }}
    left join kpi_statuses
        on
            held.period_grain = kpi_statuses.period_grain
            and held.period_start = kpi_statuses.period_start
            and catalog.kpi_id = kpi_statuses.kpi_id
    group by held.period_grain, held.period_start, held.objective_id
),

neighbours as (
    select
        held.period_grain,
        held.period_start,
        held.objective_id,
        {{ ordered_text(
            'case when links.effect_id = held.objective_id then links.cause_id end', 'links.cause_id'
        ) }} as causes,
        {{ ordered_text(
            'case when links.cause_id = held.objective_id then links.effect_id end', 'links.effect_id'
        ) }} as effects
    from held
    inner join links
        on
            held.objective_id in (links.cause_id, links.effect_id)
            and {{ in_force_until('links', 'held.elapsed_until') }}
    group by held.period_grain, held.period_start, held.objective_id
),

mapped as (
    select
        held.period_grain,
        held.period_start,
        held.is_closed,
        held.objective_id,
        held.name,
        held.name_zh,
        held.perspective,
        held.owner_role,
        cast(counted.kpi_count as bigint) as kpi_count,
        cast(counted.measured_kpi_count as bigint) as measured_kpi_count,
        cast(counted.on_track_kpi_count as bigint) as on_track_kpi_count,
        case
            when counted.kpi_count = 0 then 'no_kpi'
            when counted.measured_kpi_count = 0 then 'not_measured'
            else named_statuses.status
        end as status,
        case
            when counted.kpi_count = 0 then 'No KPI'
            when counted.measured_kpi_count = 0 then 'Not measured'
            else named_statuses.name
        end as status_name,
        case
            when counted.kpi_count = 0 then '无指标'
            when counted.measured_kpi_count = 0 then '未测得'
            else named_statuses.name_zh
        end as status_name_zh,
        counted.kpis as kpis_worst_first,
        neighbours.causes,
        neighbours.effects
    from held
    inner join counted
        on
            held.period_grain = counted.period_grain
            and held.period_start = counted.period_start
            and held.objective_id = counted.objective_id
    left join neighbours
        on
            held.period_grain = neighbours.period_grain
            and held.period_start = neighbours.period_start
            and held.objective_id = neighbours.objective_id
    left join named_statuses on counted.place = named_statuses.place
)

select * from mapped
