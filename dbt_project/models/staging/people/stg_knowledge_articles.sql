with

newest as (
    {{ newest_version('knowledge_articles') }}
),

typed as (
    select
        cast(article_id as string) as article_id,
        cast(employee_id as string) as employee_id,
        cast(title as string) as title,
        cast(published_on as date) as published_on,
        cast(helpful_votes as bigint) as helpful_votes,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
