-- Grain: one row a quarter, conversion_type, channel and bucket of conversions under the default model. Buckets are what
-- the bootstrap draws: credits are counted in whole billionths, so that no order of a sum can move an interval.
with

default_model as (
    select model_id from {{ ref('attribution_models') }}
    where is_default
),

touches as (
    select
        touch_id,
        channel
    from {{ ref('fct_touches') }}
),

credits as (
    select
        credits.conversion_id,
        coalesce(touches.channel, '(unattributed)') as channel,
        sum(cast(round(credits.credit * 1000000000) as bigint)) as credit_billionths
    from {{ ref('touch_credits') }} as credits
    inner join default_model
        on credits.model_id = default_model.model_id
    left join touches
        on credits.touch_id = touches.touch_id
    group by credits.conversion_id, coalesce(touches.channel, '(unattributed)')
),

conversions as (
    select
        conversion_id,
        conversion_type,
        {{ period_start('quarter', 'converted_on') }} as quarter_start,
        {{ tie_hash('conversion_id') }} % {{ var('bootstrap_buckets') }} as bucket
    from {{ ref('fct_conversions') }}
),

summed as (
    select
        conversions.quarter_start,
        conversions.conversion_type,
        credits.channel,
        conversions.bucket,
        cast(sum(credits.credit_billionths) as bigint) as credit_billionths
    from credits
    inner join conversions
        on credits.conversion_id = conversions.conversion_id
    group by conversions.quarter_start, conversions.conversion_type, credits.channel, conversions.bucket
)

select * from summed
