with

newest as (
    {{ newest_version('content_metrics') }}
),

typed as (
    select
        cast(post_id as string) as post_id,
        cast(measured_on as date) as measured_on,
        cast(content_account as string) as content_account,
        cast(platform as string) as platform,
        cast(impressions as bigint) as impressions,
        cast(reach as bigint) as reach,
        cast(views as bigint) as views,
        cast(completed_views as bigint) as completed_views,
        cast(likes as bigint) as likes,
        cast(comments as bigint) as comments,
        cast(shares as bigint) as shares,
        cast(saves as bigint) as saves,
        cast(clicks as bigint) as clicks,
        cast(dwell_seconds as decimal(18, 6)) as dwell_seconds,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
