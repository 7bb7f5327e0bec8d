-- One row per day and channel: all spend over all new customers, those without a touch on (unattributed) included.
with

default_model as (
    select model_id from {{ ref('attribution_models') }}
    where is_default
),

attributed as (
    select * from {{ ref('channel_attribution_daily') }}
    where conversion_type = 'first_purchase'
),

ad_spend as (
    select * from {{ ref('fct_ad_spend') }}
    where not is_held
),

flows as (
    select
        spend_on as measured_on,
        channel,
        spend,
        0 as new_customers,
        1 as spend_rows
    from ad_spend
    union all
    select
        attributed.conversion_on,
        attributed.channel,
        0 as spend,
        attributed.new_customers,
        0 as spend_rows
    from attributed
    inner join default_model on attributed.model_id = default_model.model_id
),

summed as (
    select
        measured_on,
        'channel' as dimension,
        channel as dimension_value,
        cast(sum(spend) as decimal(28, 10)) as numerator,
        cast({{ exact_sum('new_customers') }} as decimal(28, 10)) as denominator,
        cast(sum(spend_rows) as bigint) as sample_size
    from flows
    group by measured_on, channel
)

select * from summed
