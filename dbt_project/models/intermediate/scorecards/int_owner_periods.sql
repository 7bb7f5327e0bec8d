-- Grain: one row a period and owner that had members in it; employees are counted once however often they moved.
with

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

memberships as (
    select * from {{ ref('int_owner_memberships') }}
),

counted as (
    select
        periods.period_grain,
        periods.period_start,
        memberships.owner_kind,
        memberships.owner_id,
        count(distinct memberships.employee_id) as employee_count
    from periods
    inner join memberships
        on
            memberships.valid_from < periods.elapsed_until
            and memberships.valid_to > periods.period_start
    group by periods.period_grain, periods.period_start, memberships.owner_kind, memberships.owner_id
)

select * from counted
