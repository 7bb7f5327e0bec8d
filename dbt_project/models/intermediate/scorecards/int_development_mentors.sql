-- Grain: one row a closed quarter and employee with a tier: the weakest KPI, and the mentor that the rule finds for it.
with

scorecards as (
    select * from {{ ref('scorecards') }}
    where period_grain = 'quarter' and owner_kind = 'employee' and is_closed and tier_id is not null
),

weakest as (
    select * from {{ ref('int_development_lines') }}
    where place = 1
),

lines as (
    select * from {{ ref('int_explained_lines') }}
    where score is not null
),

posts as (
    select * from {{ ref('dim_employees') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

-- The tier that no other stands above: the talent pool.
highest as (
    select distinct tier_id from {{ ref('performance_tiers') }}
    where period_grain = 'quarter' and score_to is null
),

-- Nothing is planned with an employee who has left when the quarter is over.
present as (
    select
        periods.period_start,
        posts.employee_id
    from periods
    inner join posts
        on
            posts.valid_from <= periods.next_period_start
            and (posts.valid_to is null or posts.valid_to > periods.next_period_start)
),

mentees as (
    select
        scorecards.period_start,
        scorecards.owner_id as employee_id,
        scorecards.team_id,
        scorecards.tier_id,
        weakest.kpi_id as focus_kpi_id,
        weakest.name as focus_name,
        weakest.name_zh as focus_name_zh
    from scorecards
    inner join present
        on scorecards.period_start = present.period_start and scorecards.owner_id = present.employee_id
    left join weakest
        on scorecards.period_start = weakest.period_start and scorecards.owner_id = weakest.employee_id
),

-- A mentor is good at it and of another team.
candidates as (
    select
        mentees.period_start,
        mentees.employee_id,
        mentors.owner_id as mentor_id,
        lines.score
    from mentees
    inner join scorecards as mentors
        on
            mentees.period_start = mentors.period_start
            and mentees.employee_id <> mentors.owner_id
            and coalesce(mentees.team_id, '') <> coalesce(mentors.team_id, '')
    inner join highest on mentors.tier_id = highest.tier_id
    inner join lines
        on
            mentees.period_start = lines.period_start
            and mentors.owner_id = lines.employee_id
            and mentees.focus_kpi_id = lines.kpi_id
    inner join present
        on mentees.period_start = present.period_start and mentors.owner_id = present.employee_id
),

best as (
    select
        period_start,
        employee_id,
        mentor_id
    from candidates
    qualify row_number() over (partition by period_start, employee_id order by score desc, mentor_id asc) = 1
),

chosen as (
    select
        mentees.period_start,
        mentees.employee_id,
        mentees.tier_id,
        mentees.focus_kpi_id,
        mentees.focus_name,
        mentees.focus_name_zh,
        coalesce(best.mentor_id, '(none)') as mentor_id
    from mentees
    left join best on mentees.period_start = best.period_start and mentees.employee_id = best.employee_id
)

select * from chosen
