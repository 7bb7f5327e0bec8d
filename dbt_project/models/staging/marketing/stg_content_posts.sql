with

newest as (
    {{ newest_version('content_posts') }}
),

typed as (
    select
        cast(post_id as string) as post_id,
        cast(platform as string) as platform,
        cast(content_account as string) as content_account,
        cast(post_kind as string) as post_kind,
        cast(posted_at as timestamp) as posted_at,
        cast(title as string) as title,
        cast(campaign as string) as campaign,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
