-- A missing rating is neither a zero nor made up for by the others: without it there is no weighted rating, and with all of them there is one.
with

reviews as (
    select * from {{ ref('int_weighted_ratings') }}
),

wrong as (
    select
        quarter_start,
        employee_id,
        review_status,
        weighted_rating,
        missing_raters
    from reviews
    where
        (review_status = 'incomplete' and (weighted_rating is not null or missing_raters is null))
        or (review_status = 'complete' and (weighted_rating is null or missing_raters is not null))
        or weighted_rating < 0
        or weighted_rating > 100
)

select * from wrong
