-- One row per mention of the brand in public. Counts add up; sentiment is averaged as a ratio of sums.
with

mentions as (
    select * from {{ ref('stg_mentions') }}
),

described as (
    select
        mention_id,
        mentioned_at,
        {{ business_day('mentioned_at') }} as mentioned_on,
        coalesce(platform, '(none)') as platform,
        coalesce(content_account, '(none)') as content_account,
        coalesce(brand, '(none)') as brand,
        sentiment
    from mentions
)

select * from described
