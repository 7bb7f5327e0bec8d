-- One row per employee and post (a span of days in one team and role). Rows of one employee do not overlap.
with

employees as (
    select * from {{ ref('stg_employees') }}
),

units as (
    select * from {{ ref('org_units') }}
),

posts as (
    select
        employee_id,
        valid_from,
        -- A post ends when it says so, when the next begins or when the employee leaves, whichever comes first.
        least(
            valid_to,
            lead(valid_from) over (partition by employee_id order by valid_from),
            left_on
        ) as valid_to,
        employee_name,
        employee_name_zh,
        team_id,
        role_id,
        manager_id,
        hired_on,
        left_on
    from employees
),

placed as (
    select
        posts.employee_id,
        posts.valid_from,
        posts.valid_to,
        coalesce(posts.employee_name, posts.employee_id) as employee_name,
        coalesce(posts.employee_name_zh, posts.employee_name, posts.employee_id) as employee_name_zh,
        coalesce(departments.org_unit_id, '(none)') as department_id,
        posts.team_id,
        posts.role_id,
        posts.manager_id,
        posts.hired_on,
        posts.left_on
    from posts
    left join units as teams
        on
            posts.team_id = teams.org_unit_id
            and teams.valid_from <= coalesce(posts.valid_to - 1, {{ business_day(as_of()) }})
    left join units as departments
        on teams.parent_id = departments.org_unit_id and departments.kind = 'department'
    where posts.valid_to is null or posts.valid_to > posts.valid_from
    -- A team that changed departments counts where it was at the end of the post.
    qualify row_number() over (
        partition by posts.employee_id, posts.valid_from
        order by teams.valid_from desc nulls last, departments.valid_from desc nulls last
    ) = 1
)

select * from placed
