-- Grain: one row a finding about who manages whom: a circle, once and by its whole way; a manager who is nobody or gone.
with recursive

posts as (
    select * from {{ ref('dim_employees') }}
),

spans as (
    select
        employee_id,
        manager_id,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to,
        -- The last day of the post that has begun.
        least(coalesce(valid_to, date '9999-12-31') - 1, {{ business_day(as_of()) }}) as last_on
    from posts
),

edges as (
    select
        'manager' as scope,
        employee_id as from_node,
        manager_id as to_node,
        valid_from,
        valid_to
    from spans
    where manager_id is not null
),

closed_walks as (
    {{ closed_walks('edges') }}
),

loops as (
    select
        path,
        first_node,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from closed_walks
    where last_node = first_node and valid_from < valid_to
    group by path, first_node
),

findings as (
    select
        'manager_loop' as finding,
        first_node as subject,
        path as detail,
        valid_from,
        valid_to
    from loops
    union all
    select distinct
        'unknown_manager' as finding,
        spans.employee_id,
        spans.manager_id,
        spans.valid_from,
        spans.valid_to
    from spans
    left join posts as managers on spans.manager_id = managers.employee_id
    where spans.manager_id is not null and managers.employee_id is null
    union all
    select distinct
        'manager_without_post' as finding,
        spans.employee_id,
        spans.manager_id,
        spans.valid_from,
        spans.valid_to
    from spans
    inner join posts as managers on spans.manager_id = managers.employee_id
    left join spans as present
        on
            spans.manager_id = present.employee_id
            and present.valid_from <= spans.last_on
            and present.valid_to > spans.last_on
    where present.employee_id is null and spans.valid_from <= spans.last_on
)

select * from findings
