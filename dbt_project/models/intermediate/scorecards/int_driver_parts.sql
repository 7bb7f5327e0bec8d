-- Grain: one row a month or quarter, unit or role, KPI and KPI below it in the tree.
with

unit_values as (
    select * from {{ ref('int_unit_values') }}
),

tree as (
    select * from {{ ref('kpi_tree') }}
    where relation <> 'top'
),

-- The KPIs below: of the company, at the unit or role whose work a link says they are; of any other unit, its own.
placed as (
    select
        parents.period_grain,
        parents.period_start,
        parents.is_closed,
        parents.owner_kind,
        parents.owner_id,
        parents.employee_count,
        parents.kpi_id,
        parents.value,
        parents.change,
        tree.relation,
        tree.kpi_id as child_kpi_id,
        case when parents.owner_kind = 'company' then tree.owner_kind else parents.owner_kind end
            as answerable_owner_kind,
        case when parents.owner_kind = 'company' then tree.owner_id else parents.owner_id end
            as answerable_owner_id,
        parents.owner_kind = 'company' and tree.is_owner_of_link as is_placed_by_link,
        tree.share,
        tree.expected_sign,
        tree.lag_weeks
    from unit_values as parents
    inner join tree on parents.kpi_id = tree.parent_kpi_id
),

-- Who answers for a KPI may own nothing that it is measured by: then the value of the whole stands.
kpis_below as (
    select
        placed.period_grain,
        placed.period_start,
        placed.is_closed,
        placed.owner_kind,
        placed.owner_id,
        placed.employee_count,
        placed.kpi_id,
        placed.value,
        placed.change,
        'kpis' as part_kind,
        placed.relation,
        placed.child_kpi_id,
        case
            when named.kpi_id is not null then named.owner_kind else placed.owner_kind
        end as child_owner_kind,
        case when named.kpi_id is not null then named.owner_id else placed.owner_id end as child_owner_id,
        placed.answerable_owner_kind,
        placed.answerable_owner_id,
        case when named.kpi_id is not null then named.employee_count else wholes.employee_count end
            as child_employee_count,
        case when named.kpi_id is not null then named.value else wholes.value end as child_value,
        case when named.kpi_id is not null then named.change else wholes.change end as child_change,
        placed.share as weight,
        placed.expected_sign,
        placed.lag_weeks
    from placed
    left join unit_values as named
        on
            placed.is_placed_by_link
            and placed.period_grain = named.period_grain
            and placed.period_start = named.period_start
            and placed.child_kpi_id = named.kpi_id
            and placed.answerable_owner_kind = named.owner_kind
            and placed.answerable_owner_id = named.owner_id
    left join unit_values as wholes
        on
            placed.period_grain = wholes.period_grain
            and placed.period_start = wholes.period_start
            and placed.child_kpi_id = wholes.kpi_id
            and placed.owner_kind = wholes.owner_kind
            and placed.owner_id = wholes.owner_id
    where placed.owner_kind = 'company' or wholes.kpi_id is not null
),

-- A sum of some of the parts would look like a difference.
{% set whole_sum -%}
    case
        when count(weight * child_value) over part = count(*) over part
            then {{ exact_sum('weight * child_value', over='over part') }}
    end
{%- endset %}
summed as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        employee_count,
        kpi_id,
        value,
        change,
        part_kind,
        relation,
        child_kpi_id,
        child_owner_kind,
        child_owner_id,
        answerable_owner_kind,
        answerable_owner_id,
        child_employee_count,
        child_employee_count as smallest_part_employee_count,
        child_value,
        child_change,
        weight,
        weight * child_value as contribution,
        {{ whole_sum }} as children_value,
        -- To nine places: doubles that add up leave a hair.
        round(value - {{ whole_sum }}, 9) as difference,
        expected_sign,
        lag_weeks
    from kpis_below
    window part as (partition by period_grain, period_start, owner_kind, owner_id, kpi_id, relation)
)

select * from summed
