-- One row per rating of an employee for a quarter. Ratings do not add up.
with

review_ratings as (
    select * from {{ ref('stg_review_ratings') }}
),

described as (
    select
        rating_id,
        employee_id,
        quarter_start,
        rater_kind,
        rater_id,
        rating,
        remark,
        rated_at,
        {{ business_day('rated_at') }} as rated_on
    from review_ratings
)

select * from described
