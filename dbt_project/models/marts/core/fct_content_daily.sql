-- One row per post and day. Counts add up, except reach: one person may be reached on two days or by two posts.
with

metrics as (
    select * from {{ ref('stg_content_metrics') }}
    where {{ on_affected_days('int_affected_content_days', day='measured_on') }}
),

posts as (
    select * from {{ ref('stg_content_posts') }}
),

described as (
    select
        metrics.post_id,
        metrics.measured_on,
        coalesce(metrics.content_account, posts.content_account, '(none)') as content_account,
        coalesce(metrics.platform, posts.platform, '(none)') as platform,
        coalesce(posts.post_kind, '(none)') as post_kind,
        coalesce(metrics.impressions, 0) as impressions,
        coalesce(metrics.reach, 0) as reach,
        coalesce(metrics.views, 0) as views,
        metrics.completed_views,
        coalesce(metrics.likes, 0) as likes,
        coalesce(metrics.comments, 0) as comments,
        coalesce(metrics.shares, 0) as shares,
        coalesce(metrics.saves, 0) as saves,
        coalesce(metrics.likes, 0) + coalesce(metrics.comments, 0)
        + coalesce(metrics.shares, 0) + coalesce(metrics.saves, 0) as engagements,
        coalesce(metrics.clicks, 0) as clicks,
        metrics.dwell_seconds
    from metrics
    left join posts on metrics.post_id = posts.post_id
)

select * from described
