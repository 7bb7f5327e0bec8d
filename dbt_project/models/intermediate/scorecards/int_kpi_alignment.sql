-- Grain: one row a period, department or company, and KPI on any of its scorecards, with the weight that it has there.
with

kpi_scores as (
    select * from {{ ref('kpi_scores') }}
),

scorecards as (
    select * from {{ ref('scorecards') }}
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

companies as (
    select distinct org_unit_id from {{ ref('org_units') }}
    where kind = 'company'
),

-- Every scorecard counts: that of the unit, those of its teams and those of its people.
lines as (
    select
        kpi_scores.period_grain,
        kpi_scores.period_start,
        kpi_scores.is_closed,
        scorecards.department_id,
        kpi_scores.kpi_id,
        kpi_scores.weight
    from kpi_scores
    inner join scorecards
        on
            kpi_scores.period_grain = scorecards.period_grain
            and kpi_scores.period_start = scorecards.period_start
            and kpi_scores.owner_kind = scorecards.owner_kind
            and kpi_scores.owner_id = scorecards.owner_id
),

owned as (
    select
        period_grain,
        period_start,
        is_closed,
        'department' as owner_kind,
        department_id as owner_id,
        kpi_id,
        weight
    from lines
    where department_id is not null
    union all
    select
        lines.period_grain,
        lines.period_start,
        lines.is_closed,
        'company' as owner_kind,
        companies.org_unit_id as owner_id,
        lines.kpi_id,
        lines.weight
    from lines
    cross join companies
),

weighed as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        kpi_id,
        {{ exact_sum('weight') }} as weight
    from owned
    group by period_grain, period_start, is_closed, owner_kind, owner_id, kpi_id
),

-- Catalogue and objectives as they stood on the period's last day.
tied as (
    select
        periods.period_grain,
        periods.period_start,
        catalog.kpi_id,
        catalog.parent_kpi_id,
        objectives.objective_id
    from periods
    inner join catalog on {{ in_force_until('catalog', 'periods.elapsed_until') }}
    left join objectives
        on
            catalog.objective_id = objectives.objective_id
            and {{ in_force_until('objectives', 'periods.elapsed_until') }}
),

aligned as (
    select
        weighed.period_grain,
        weighed.period_start,
        weighed.is_closed,
        weighed.owner_kind,
        weighed.owner_id,
        weighed.kpi_id,
        weighed.weight,
        {{ divide('weighed.weight', exact_sum('weighed.weight', over='over unit')) }} as weight_share,
        tied.objective_id,
        case when tied.objective_id is null then parents.objective_id end as suggested_objective_id
    from weighed
    left join tied
        on
            weighed.period_grain = tied.period_grain
            and weighed.period_start = tied.period_start
            and weighed.kpi_id = tied.kpi_id
    left join tied as parents
        on
            tied.period_grain = parents.period_grain
            and tied.period_start = parents.period_start
            and tied.parent_kpi_id = parents.kpi_id
    window unit as (
        partition by weighed.period_grain, weighed.period_start, weighed.owner_kind, weighed.owner_id
    )
),

-- The way to the goal: the untied KPIs by weight, and where each leaves the share once it is tied.
placed as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        kpi_id,
        weight,
        weight_share,
        objective_id,
        suggested_objective_id,
        case
            when objective_id is null
                then row_number() over (
                    partition by period_grain, period_start, owner_kind, owner_id, objective_id is null
                    order by weight desc, kpi_id asc
                )
        end as place,
        {{ divide(
            exact_sum('case when objective_id is not null then weight else 0 end', over='over unit'),
            exact_sum('weight', over='over unit')
        ) }} as aligned_share,
        {{ divide(exact_sum('weight', over='over way'), exact_sum('weight', over='over unit')) }}
            as share_after
    from aligned
    window
        unit as (partition by period_grain, period_start, owner_kind, owner_id),
        way as (
            partition by period_grain, period_start, owner_kind, owner_id
            order by case when objective_id is null then 1 else 0 end asc, weight desc, kpi_id asc
            rows between unbounded preceding and current row
        )
),

-- Needed to reach the goal: those before which it is not reached.
needed as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        kpi_id,
        weight,
        weight_share,
        objective_id,
        suggested_objective_id,
        place,
        aligned_share,
        share_after,
        place is not null and round(share_after - weight_share, 9) < {{ var('alignment_goal') }}
            as is_on_the_way
    from placed
)

select * from needed
