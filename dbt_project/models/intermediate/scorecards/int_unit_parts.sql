-- Grain: one row a month or quarter, unit, KPI and unit below that is measured by it in the same dimension.
with

unit_values as (
    select * from {{ ref('int_unit_values') }}
),

owners as (
    select * from {{ ref('dim_owners') }}
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
        children.owner_kind as answerable_owner_kind,
        children.owner_id as answerable_owner_id,
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
)

select * from summed
