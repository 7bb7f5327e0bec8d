-- One row per day and content account: sentiment, summed, over mentions; those that name no account on (none).
with

mentions as (
    select * from {{ ref('fct_mentions') }}
),

summed as (
    select
        mentioned_on as measured_on,
        'content_account' as dimension,
        content_account as dimension_value,
        cast(sum(sentiment) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from mentions
    group by mentioned_on, content_account
)

select * from summed
