-- Grain: one row a planned quarter, owner and KPI with any comparable quarter: where its next target would lie by them.
{%- set aims = ['target', 'stretch', 'red_flag'] %}
with

comparables as (
    select * from {{ ref('int_target_comparables') }}
),

rules as (
    select * from {{ ref('int_recalibration_rules') }}
),

-- More is better of merit, whichever way the KPI goes.
ranked as (
    select
        comparables.planned_start,
        comparables.owner_kind,
        comparables.owner_id,
        comparables.kpi_id,
        comparables.comparable_kind,
        comparables.comparable_owner_id,
        comparables.compared_start,
        comparables.adjusted_value,
        comparables.merit,
        rules.direction,
        rules.target_quantile,
        rules.stretch_quantile,
        rules.red_flag_quantile,
        rules.own_weight,
        rules.role_weight,
        row_number() over (
            partition by
                comparables.planned_start, comparables.owner_kind, comparables.owner_id, comparables.kpi_id,
                comparables.comparable_kind
            order by comparables.merit, comparables.compared_start, comparables.comparable_owner_id
        ) - 1 as place,
        count(*) over (
            partition by
                comparables.planned_start, comparables.owner_kind, comparables.owner_id, comparables.kpi_id,
                comparables.comparable_kind
        ) as places
    from comparables
    inner join rules
        on comparables.planned_start = rules.planned_start and comparables.kpi_id = rules.kpi_id
),

by_kind as (
    select
        planned_start,
        owner_kind,
        owner_id,
        kpi_id,
        comparable_kind,
        max(case when direction = 'lower' then -1 else 1 end) as sign,
        max(case when comparable_kind = 'own' then own_weight else role_weight end) as kind_weight,
        count(*) as comparable_count,
        count(distinct compared_start) as quarter_count,
        count(distinct comparable_owner_id) as owner_count,
        min(adjusted_value) as lowest_value,
        max(adjusted_value) as highest_value,
        {%- for aim in aims %}
            {{ quantile_of_ranked('merit', aim ~ '_quantile', 'place', 'places') }} as {{ aim }}_merit
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from ranked
    group by planned_start, owner_kind, owner_id, kpi_id, comparable_kind
),

-- Colleagues weigh beside an owner's own past, and never alone.
blended as (
    select
        planned_start,
        owner_kind,
        owner_id,
        kpi_id,
        max(sign) as sign,
        sum(comparable_count) as evidence_count,
        max(case when comparable_kind = 'own' then quarter_count end) as own_quarters,
        min(lowest_value) as lowest_value,
        max(highest_value) as highest_value,
        max(case when comparable_kind = 'own' then sign * target_merit end) as own_value,
        max(case when comparable_kind = 'role' then owner_count end) as colleague_count,
        -- What few colleagues reach is shown to nobody, though it weighs.
        max(case
            when comparable_kind = 'role' and owner_count >= {{ var('minimum_peers') }}
                then sign * target_merit
        end) as role_value,
        {%- for aim in aims %}
            {{ divide(exact_sum(aim ~ '_merit * kind_weight'), exact_sum('kind_weight')) }} as {{ aim }}_merit
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from by_kind
    group by planned_start, owner_kind, owner_id, kpi_id
)

select * from blended
