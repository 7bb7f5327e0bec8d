-- One row per KPI and criterion (specific, measurable, achievable, relevant, time_bound): met, or why not. Count KPIs distinct.
{%- set criteria = ['specific', 'measurable', 'achievable', 'relevant', 'time_bound'] %}
with

catalog as (
    select * from {{ ref('kpi_catalog') }}
    where {{ happened_by_as_of('valid_from', 'date') }} or valid_from is null
    qualify row_number() over (partition by kpi_id order by valid_from desc nulls last) = 1
),

roles as (
    select distinct role_id from {{ ref('roles') }}
    where {{ in_force() }}
),

objectives as (
    select distinct objective_id from {{ ref('strategy_objectives') }}
    where {{ in_force() }}
),

entities as (
    select distinct entity from {{ ref('admitted_files') }}
    where rows_accepted > 0
),

measured as (
    select distinct kpi_id from {{ ref('kpi_values') }}
    where value is not null
),

targets as (
    select
        kpi_id,
        count(*) as targets,
        count(case when {{ in_force() }} and period_grain is not null then 1 end) as targets_in_force
    from {{ ref('kpi_targets') }}
    group by kpi_id
),

targets_and_pasts as (
    select
        kpi_id,
        verdict,
        is_flagged_as_stretch,
        owner_id || ' (' || period_grain || ')' as unit_and_grain
    from {{ ref('int_targets_against_history') }}
),

histories as (
    select
        kpi_id,
        count(*) as units,
        count(case when verdict <> 'too_little_history' then 1 end) as judged_units,
        count(case when verdict = 'out_of_reach' and not is_flagged_as_stretch then 1 end)
            as units_out_of_reach,
        count(case when verdict = 'no_effort' then 1 end) as units_without_effort,
        {{ ordered_text(
            "case when verdict = 'out_of_reach' and not is_flagged_as_stretch then unit_and_grain end",
            'unit_and_grain'
        ) }} as names_out_of_reach,
        {{ ordered_text("case when verdict = 'no_effort' then unit_and_grain end", 'unit_and_grain') }}
            as names_without_effort
    from targets_and_pasts
    group by kpi_id
),

checked as (
    select
        catalog.kpi_id,
        catalog.name,
        catalog.name_zh,
        catalog.kind,
        catalog.statistic,
        catalog.expression,
        catalog.definition,
        catalog.definition_zh,
        catalog.primary_dimension,
        catalog.owner_role,
        catalog.source,
        catalog.minimum_sample,
        catalog.objective_id,
        catalog.parent_kpi_id,
        catalog.valid_from,
        catalog.valid_to,
        roles.role_id as known_role,
        entities.entity as known_source,
        measured.kpi_id as measured_kpi_id,
        objectives.objective_id as known_objective,
        parents.kpi_id as known_parent,
        coalesce(targets.targets, 0) as targets,
        coalesce(targets.targets_in_force, 0) as targets_in_force,
        coalesce(histories.judged_units, 0) as judged_units,
        coalesce(histories.units_out_of_reach, 0) as units_out_of_reach,
        coalesce(histories.units_without_effort, 0) as units_without_effort,
        histories.names_out_of_reach,
        histories.names_without_effort
    from catalog
    left join roles on catalog.owner_role = roles.role_id
    left join entities on catalog.source = entities.entity
    left join measured on catalog.kpi_id = measured.kpi_id
    left join objectives on catalog.objective_id = objectives.objective_id
    left join catalog as parents on catalog.parent_kpi_id = parents.kpi_id
    left join targets on catalog.kpi_id = targets.kpi_id
    left join histories on catalog.kpi_id = histories.kpi_id
),

missed as (
    {{ smart_misses('checked') }}
),

reasons as (
    select
        kpi_id,
        criterion,
        {{ ordered_text('reason', 'place', '; ') }} as reason,
        {{ ordered_text('reason_zh', 'place', '；') }} as reason_zh
    from missed
    group by kpi_id, criterion
),

criteria as (
    {% for criterion in criteria -%}
        select
            '{{ criterion }}' as criterion,
            {{ loop.index }} as place
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
),

judged as (
    select
        catalog.kpi_id,
        criteria.criterion,
        cast(criteria.place as bigint) as place,
        reasons.criterion is null as is_met,
        reasons.reason,
        reasons.reason_zh,
        count(reasons.criterion) over (partition by catalog.kpi_id) = 0 as is_smart
    from catalog
    cross join criteria
    left join reasons on catalog.kpi_id = reasons.kpi_id and criteria.criterion = reasons.criterion
)

select * from judged
