with

newest as (
    {{ newest_version('review_ratings') }}
),

typed as (
    select
        cast(rating_id as string) as rating_id,
        cast(employee_id as string) as employee_id,
        cast(quarter_start as date) as quarter_start,
        cast(rater_kind as string) as rater_kind,
        cast(rater_id as string) as rater_id,
        cast(rating as decimal(18, 6)) as rating,
        cast(remark as string) as remark,
        cast(rated_at as timestamp) as rated_at,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
