-- One row per day and channel: conversions credited to the channel over the whole that it is a share of, in parts. Of an
-- owner the denominator is everybody's (kind share); both sides add up over days and channels.
with

default_model as (
    select model_id from {{ ref('attribution_models') }}
    where is_default
),

attributed as (
    select * from {{ ref('channel_attribution_daily') }}
    where conversion_type = 'purchase'
),

daily as (
    select
        attributed.conversion_on,
        attributed.channel,
        {{ exact_sum('attributed.conversions') }} as conversions
    from attributed
    inner join default_model on attributed.model_id = default_model.model_id
    group by attributed.conversion_on, attributed.channel
),

-- What no touch earned is part of the whole and nobody's contribution. A credit is at most one conversion: no fewer
-- than this many stand behind the credits.
shared as (
    select
        conversion_on as measured_on,
        'channel' as dimension,
        channel as dimension_value,
        cast(
            case when channel = '(unattributed)' then 0 else conversions end as decimal(28, 10)
        ) as numerator,
        cast(conversions as decimal(28, 10)) as denominator,
        cast(ceil(conversions) as bigint) as sample_size
    from daily
)

select * from shared
