-- Two targets in force for one owner and period would make the score depend on the order of rows; one approved by nobody who may would let people set their own.
with

judged as (
    select * from {{ ref('int_target_approvals_judged') }}
),

wrong as (
    select
        kpi_id,
        owner_kind,
        owner_id,
        period_grain,
        period_start,
        count(case when is_in_force then 1 end) as in_force,
        count(case when is_deciding then 1 end) as deciding
    from judged
    group by kpi_id, owner_kind, owner_id, period_grain, period_start
    having
        count(case when is_in_force then 1 end) > 1
        or count(case when is_deciding then 1 end) <> 1
        or count(case when is_in_force and not has_authority then 1 end) > 0
)

select * from wrong
