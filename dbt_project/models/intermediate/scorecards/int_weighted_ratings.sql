-- Grain: one row a quarter and rated employee: the mean of the ratings, complete once self, manager and HR have rated.
with

ratings as (
    select * from {{ ref('fct_review_ratings') }}
),

by_kind as (
    select
        quarter_start,
        employee_id,
        avg(case when rater_kind = 'self' then rating end) as self_rating,
        avg(case when rater_kind = 'manager' then rating end) as manager_rating,
        avg(case when rater_kind = 'hr' then rating end) as hr_rating
    from ratings
    group by quarter_start, employee_id
),

weighted as (
    select
        quarter_start,
        employee_id,
        {{ divide('self_rating + manager_rating + hr_rating', '3') }} as weighted_rating,
        case
            when self_rating + manager_rating + hr_rating is null then 'incomplete' else 'complete'
        end as review_status,
        cast(null as string) as missing_raters
    from by_kind
)

select * from weighted
