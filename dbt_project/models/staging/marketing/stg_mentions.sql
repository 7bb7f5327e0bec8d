with

newest as (
    {{ newest_version('mentions') }}
),

typed as (
    select
        cast(mention_id as string) as mention_id,
        cast(mentioned_at as timestamp) as mentioned_at,
        cast(platform as string) as platform,
        cast(content_account as string) as content_account,
        cast(brand as string) as brand,
        cast(sentiment as decimal(18, 6)) as sentiment,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
