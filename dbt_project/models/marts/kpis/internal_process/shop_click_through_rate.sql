-- One row per day and content account: clicks through to a shop over views.
with

content as (
    select * from {{ ref('fct_content_daily') }}
),

summed as (
    select
        measured_on,
        'content_account' as dimension,
        content_account as dimension_value,
        cast(sum(clicks) as decimal(28, 10)) as numerator,
        cast(sum(views) as decimal(28, 10)) as denominator,
        cast(sum(views) as bigint) as sample_size
    from content
    where views is not null and clicks is not null
    group by measured_on, content_account
)

select * from summed
