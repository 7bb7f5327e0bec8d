-- One row per closed quarter, employee and action that follows from the tier. Nothing adds up.
with

mentored as (
    select * from {{ ref('int_development_mentors') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

actions as (
    select * from {{ ref('development_actions') }}
),

posts as (
    select * from {{ ref('dim_employees') }}
),

managers as (
    select
        mentored.period_start,
        mentored.employee_id,
        posts.manager_id
    from mentored
    inner join periods on mentored.period_start = periods.period_start
    inner join posts
        on
            mentored.employee_id = posts.employee_id
            and posts.valid_from < periods.next_period_start
            and (posts.valid_to is null or posts.valid_to > periods.period_start)
    qualify row_number() over (
        partition by mentored.period_start, mentored.employee_id order by posts.valid_from desc
    ) = 1
),

planned as (
    select
        cast('quarter' as string) as period_grain,
        mentored.period_start,
        mentored.employee_id,
        mentored.tier_id,
        actions.action,
        actions.name,
        actions.name_zh,
        actions.owner as responsible,
        case actions.owner
            when 'manager' then coalesce(managers.manager_id, '(none)')
            when 'mentor' then mentored.mentor_id
            else '(none)'
        end as responsible_id,
        mentored.mentor_id,
        mentored.focus_kpi_id,
        mentored.focus_name,
        mentored.focus_name_zh,
        cast(
            periods.next_period_start - 1 + cast(actions.due_in_days as int) as date
        ) as due_on
    from mentored
    inner join periods on mentored.period_start = periods.period_start
    -- The actions as they stood on the quarter's last day.
    inner join actions
        on
            mentored.tier_id = actions.tier_id
            and actions.valid_from < periods.next_period_start
            and (actions.valid_to is null or actions.valid_to >= periods.next_period_start)
    left join managers
        on mentored.period_start = managers.period_start and mentored.employee_id = managers.employee_id
)

select * from planned
