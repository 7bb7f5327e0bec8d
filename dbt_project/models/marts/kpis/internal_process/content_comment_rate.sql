-- One row per day and content account: comments over impressions.
with

content as (
    select * from {{ ref('fct_content_daily') }}
),

summed as (
    select
        measured_on,
        'content_account' as dimension,
        content_account as dimension_value,
        cast(sum(comments) as decimal(28, 10)) as numerator,
        cast(sum(impressions) as decimal(28, 10)) as denominator,
        cast(sum(impressions) as bigint) as sample_size
    from content
    where impressions is not null and comments is not null
    group by measured_on, content_account
)

select * from summed
