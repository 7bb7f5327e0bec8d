-- One row per period, unit, KPI and part of it (a unit below, or a KPI below). Contributions add up to children_value within a unit, KPI and relation; nothing else adds up.
with

unit_values as (
    select * from {{ ref('int_unit_values') }}
),

owners as (
    select * from {{ ref('dim_owners') }}
),

tree as (
    select * from {{ ref('kpi_tree') }}
    where relation <> 'top'
),

-- The same KPI of the units below, in the same dimension: a rate weighs by its denominator, a sum by 1.
units_below as (
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
        'units' as part_kind,
        'adds_up' as relation,
        parents.kpi_id as child_kpi_id,
        children.owner_kind as child_owner_kind,
        children.owner_id as child_owner_id,
        children.employee_count as child_employee_count,
        min(children.employee_count) over part as smallest_part_employee_count,
        children.value as child_value,
        children.change as child_change,
        case
            when parents.kind = 'sum' then cast(1 as double)
            else {{ divide('children.denominator', 'parents.denominator') }}
        end as weight,
        case
            when parents.kind = 'sum' then cast(children.numerator as double)
            else {{ divide('children.numerator', 'parents.denominator') }}
        end as contribution,
        -- From decimals, so that what adds up adds up to 0.
        parents.numerator - sum(children.numerator) over part as numerator_apart,
        case
            when parents.kind = 'sum' then cast(1 as decimal(28, 10)) else parents.denominator
        end as parent_base,
        cast(1 as bigint) as expected_sign,
        cast(0 as bigint) as lag_weeks
    from unit_values as parents
    inner join owners
        on parents.owner_kind in ('company', 'department') and parents.owner_id = owners.parent_owner_id
    inner join unit_values as children
        on
            parents.period_grain = children.period_grain
            and parents.period_start = children.period_start
            and parents.kpi_id = children.kpi_id
            and parents.dimension = children.dimension
            and owners.owner_kind = children.owner_kind
            and owners.owner_id = children.owner_id
    where parents.kind in ('sum', 'ratio', 'share')
    window part as (
        partition by
            parents.period_grain, parents.period_start, parents.owner_kind, parents.owner_id, parents.kpi_id
    )
),

-- The KPIs below: of the company, at the unit or role that a link names; of any other unit, its own.
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
        case
            when parents.owner_kind = 'company' and tree.is_owner_of_link then tree.owner_kind
            else parents.owner_kind
        end as child_owner_kind,
        case
            when parents.owner_kind = 'company' and tree.is_owner_of_link then tree.owner_id
            else parents.owner_id
        end as child_owner_id,
        tree.share,
        tree.expected_sign,
        tree.lag_weeks
    from unit_values as parents
    inner join tree on parents.kpi_id = tree.parent_kpi_id
),

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
        placed.child_owner_kind,
        placed.child_owner_id,
        children.employee_count as child_employee_count,
        children.employee_count as smallest_part_employee_count,
        children.value as child_value,
        children.change as child_change,
        placed.share as weight,
        placed.share * children.value as contribution,
        placed.expected_sign,
        placed.lag_weeks
    from placed
    left join unit_values as children
        on
            placed.period_grain = children.period_grain
            and placed.period_start = children.period_start
            and placed.child_kpi_id = children.kpi_id
            and placed.child_owner_kind = children.owner_kind
            and placed.child_owner_id = children.owner_id
    where placed.owner_kind = 'company' or children.owner_id is not null
),

-- A sum of some of the parts would look like a difference.
{% set whole_sum -%}
    case
        when count(contribution) over part = count(*) over part
            then {{ exact_sum('contribution', over='over part') }}
    end
{%- endset %}
parts as (
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
        child_employee_count,
        smallest_part_employee_count,
        child_value,
        child_change,
        weight,
        contribution,
        value - {{ divide('numerator_apart', 'parent_base') }} as children_value,
        {{ divide('numerator_apart', 'parent_base') }} as difference,
        expected_sign,
        lag_weeks
    from units_below
    union all
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
        child_employee_count,
        smallest_part_employee_count,
        child_value,
        child_change,
        weight,
        contribution,
        {{ whole_sum }} as children_value,
        -- To nine places: doubles that add up leave a hair.
        round(value - {{ whole_sum }}, 9) as difference,
        expected_sign,
        lag_weeks
    from kpis_below
    window part as (partition by period_grain, period_start, owner_kind, owner_id, kpi_id, relation)
),

moved as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        cast(employee_count as bigint) as employee_count,
        kpi_id,
        value,
        change,
        part_kind,
        relation,
        child_kpi_id,
        child_owner_kind,
        child_owner_id,
        cast(child_employee_count as bigint) as child_employee_count,
        -- The part of one employee follows from the sum and the other parts.
        cast(smallest_part_employee_count as bigint) as smallest_part_employee_count,
        child_value,
        child_change,
        weight,
        contribution,
        children_value,
        difference,
        expected_sign,
        lag_weeks,
        case when change <> 0 and child_change <> 0 then sign(change) = expected_sign * sign(child_change) end
            as is_as_expected
    from parts
)

select * from moved
