-- Grain: one row a rating: the quarter it is of, whether it counts, and what is to be said against it.
with

dated as (
    select
        rating_id,
        employee_id,
        {{ period_start('quarter', 'quarter_start') }} as quarter_start,
        rater_kind,
        rater_id,
        rating,
        rated_at,
        rated_on
    from {{ ref('fct_review_ratings') }}
),

ratings as (
    select
        rating_id,
        employee_id,
        quarter_start,
        cast(quarter_start + interval '3' month as date) as next_quarter_start,
        rater_kind,
        rater_id,
        rating,
        rated_at,
        rated_on
    from dated
),

policies as (
    select * from {{ ref('review_policies') }}
),

posts as (
    select
        employee_id,
        manager_id,
        valid_from,
        valid_to
    from {{ ref('dim_employees') }}
),

placed as (
    select
        ratings.rating_id,
        max(posts.employee_id) as known_employee_id,
        max(posts.manager_id) as a_manager_id,
        max(case when posts.manager_id = ratings.rater_id then posts.manager_id end) as known_manager_id
    from ratings
    left join posts
        on
            ratings.employee_id = posts.employee_id
            and posts.valid_from < ratings.next_quarter_start
            and (posts.valid_to is null or posts.valid_to > ratings.quarter_start)
    group by ratings.rating_id
),

-- Quarters are frozen after their days of grace: a rating that comes later would change nothing that was decided.
weighed as (
    select
        ratings.rating_id,
        ratings.employee_id,
        ratings.quarter_start,
        ratings.rater_kind,
        coalesce(ratings.rater_id, '(' || ratings.rater_kind || ')') as rater_id,
        ratings.rating,
        ratings.rated_at,
        ratings.rated_on >= ratings.next_quarter_start + {{ setting('grace_days') }} as is_late,
        coalesce(policies.late_ratings, 'ignored') as late_ratings,
        placed.known_employee_id is null as is_of_nobody,
        ratings.rater_kind = 'self' and ratings.rater_id <> ratings.employee_id as is_self_by_another,
        ratings.rater_kind <> 'self' and ratings.rater_id = ratings.employee_id as is_of_themself,
        -- Whoever has no manager in the company is rated by somebody outside.
        ratings.rater_kind = 'manager' and placed.known_manager_id is null and placed.a_manager_id is not null
            as is_by_another_manager
    from ratings
    inner join placed on ratings.rating_id = placed.rating_id
    left join policies on {{ holds_before('policies', 'ratings.next_quarter_start') }}
),

admitted as (
    select
        rating_id,
        employee_id,
        quarter_start,
        rater_kind,
        rater_id,
        rating,
        rated_at,
        is_late,
        is_by_another_manager,
        case
            when is_of_nobody then 'not_employed_then'
            when coalesce(is_self_by_another, false) then 'self_by_another'
            when coalesce(is_of_themself, false) then 'rated_themself'
            when is_late and late_ratings = 'ignored' then 'late'
        end as reason_not_to_count
    from weighed
),

-- One rater has one voice, the newest.
ranked as (
    select
        rating_id,
        employee_id,
        quarter_start,
        rater_kind,
        rater_id,
        rating,
        is_late,
        is_by_another_manager,
        reason_not_to_count,
        row_number() over (
            partition by
                employee_id,
                quarter_start,
                rater_kind,
                rater_id,
                case when reason_not_to_count is null then 1 else 0 end
            order by rated_at desc, rating_id desc
        ) as place
    from admitted
),

judged as (
    select
        rating_id,
        employee_id,
        quarter_start,
        rater_kind,
        rater_id,
        rating,
        is_late,
        reason_not_to_count is null and place = 1 as is_counted,
        case
            when reason_not_to_count is not null then reason_not_to_count
            when place > 1 then 'replaced'
            when is_late then 'late_but_counted'
            when is_by_another_manager then 'by_another_manager'
        end as flag
    from ranked
)

select * from judged
