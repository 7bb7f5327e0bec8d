-- One row per month or quarter and objective in force: how its KPIs stand. The worst of them decides; nothing adds up over objectives that share a KPI's parts.
with

kpi_scores as (
    select * from {{ ref('kpi_scores') }}
    where measured_owner_kind in ('company', 'department', 'team')
),

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

thresholds as (
    select * from {{ ref('objective_statuses') }}
),

curves as (
    select distinct
        curve_id,
        curve_kind
    from {{ ref('scoring_curves') }}
),

-- Each KPI at the highest level at which a scorecard measures it: the company's, else departments', else teams'.
measured as (
    select distinct
        kpi_scores.period_grain,
        kpi_scores.period_start,
        kpi_scores.kpi_id,
        kpi_scores.measured_owner_id,
        curves.curve_kind,
        kpi_scores.attainment
    from kpi_scores
    inner join curves on kpi_scores.curve_id = curves.curve_id
    where kpi_scores.attainment is not null
    qualify dense_rank() over (
        partition by kpi_scores.period_grain, kpi_scores.period_start, kpi_scores.kpi_id
        order by
            case kpi_scores.measured_owner_kind when 'company' then 1 when 'department' then 2 else 3 end
    ) = 1
),

-- A curve's kind may have thresholds of its own: attainment 0 is nothing done of a ratio, the red flag of a range.
judged as (
    select
        measured.period_grain,
        measured.period_start,
        measured.kpi_id,
        measured.attainment,
        thresholds.place
    from measured
    inner join thresholds
        on
            (thresholds.attainment_from is null or measured.attainment >= thresholds.attainment_from)
            and (thresholds.attainment_to is null or measured.attainment < thresholds.attainment_to)
            and thresholds.curve_kind in (measured.curve_kind, '*')
    qualify row_number() over (
        partition by
            measured.period_grain, measured.period_start, measured.kpi_id, measured.measured_owner_id,
            measured.curve_kind, measured.attainment
        order by case thresholds.curve_kind when '*' then 1 else 0 end
    ) = 1
),

kpi_statuses as (
    select
        period_grain,
        period_start,
        kpi_id,
        max(place) as place,
        min(attainment) as attainment
    from judged
    group by period_grain, period_start, kpi_id
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
