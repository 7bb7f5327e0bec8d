-- One row per day and paid channel: spend on its own day over new customers credited on the day of their first purchase.
with

default_model as (
    select model_id from {{ ref('attribution_models') }}
    where is_default
),

paid_channels as (
    select channel from {{ ref('dim_channels') }}
    where is_paid
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
        flows.measured_on,
        'channel' as dimension,
        flows.channel as dimension_value,
        cast(sum(flows.spend) as decimal(28, 10)) as numerator,
        cast({{ exact_sum('flows.new_customers') }} as decimal(28, 10)) as denominator,
        cast(sum(flows.spend_rows) as bigint) as sample_size
    from flows
    inner join paid_channels on flows.channel = paid_channels.channel
    group by flows.measured_on, flows.channel
)

select * from summed
