-- One row per period, unit, KPI and part of it (a unit below, or a KPI below). Contributions add up to children_value within a unit, KPI and relation; nothing else adds up.
with

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
        answerable_owner_kind,
        answerable_owner_id,
        child_employee_count,
        smallest_part_employee_count,
        child_value,
        child_change,
        weight,
        contribution,
        children_value,
        difference,
        expected_sign,
        lag_weeks
    from {{ ref('int_unit_parts') }}
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
        answerable_owner_kind,
        answerable_owner_id,
        child_employee_count,
        smallest_part_employee_count,
        child_value,
        child_change,
        weight,
        contribution,
        children_value,
        difference,
        expected_sign,
        lag_weeks
    from {{ ref('int_driver_parts') }}
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
        answerable_owner_kind,
        answerable_owner_id,
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
