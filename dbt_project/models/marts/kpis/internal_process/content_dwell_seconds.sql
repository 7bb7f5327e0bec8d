-- One row per day and content account: seconds spent over views, where seconds were measured.
with

content as (
    select * from {{ ref('fct_content_daily') }}
),

summed as (
    select
        measured_on,
        'content_account' as dimension,
        content_account as dimension_value,
        cast(sum(dwell_seconds) as decimal(28, 10)) as numerator,
        cast(sum(views) as decimal(28, 10)) as denominator,
        cast(sum(views) as bigint) as sample_size
    from content
    where views is not null and dwell_seconds is not null
    group by measured_on, content_account
)

select * from summed
