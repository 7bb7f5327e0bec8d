-- One row per day and channel: all revenue, unattributed included, on the order's day over all spend on its own day.
with

default_model as (
    select model_id from {{ ref('attribution_models') }}
    where is_default
),

attributed as (
    select * from {{ ref('channel_attribution_daily') }}
    where conversion_type = 'purchase'
),

ad_spend as (
    select * from {{ ref('fct_ad_spend') }}
    where not is_held
),

flows as (
    select
        attributed.conversion_on as measured_on,
        attributed.channel,
        attributed.revenue,
        0 as spend,
        0 as spend_rows
    from attributed
    inner join default_model on attributed.model_id = default_model.model_id
    union all
    select
        spend_on,
        channel,
        0 as revenue,
        spend,
        1 as spend_rows
    from ad_spend
),

summed as (
    select
        measured_on,
        'channel' as dimension,
        channel as dimension_value,
        cast(sum(revenue) as decimal(28, 10)) as numerator,
        cast(sum(spend) as decimal(28, 10)) as denominator,
        cast(sum(spend_rows) as bigint) as sample_size
    from flows
    group by measured_on, channel
)

select * from summed
