-- One row per article in the knowledge base. Counts and votes add up; votes are those cast so far.
with

articles as (
    select * from {{ ref('stg_knowledge_articles') }}
),

described as (
    select
        article_id,
        employee_id,
        coalesce(title, '(none)') as title,
        published_on,
        coalesce(helpful_votes, 0) as helpful_votes
    from articles
)

select * from described
