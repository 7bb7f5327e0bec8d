-- Grain: one row a quarter, conversion_type and channel: its share under the default model, and between what bounds 95 %
-- of the shares lie that its conversions, drawn anew, would have given.
with

buckets as (
    select * from {{ ref('int_share_buckets') }}
),

draws as (
    select * from {{ ref('int_bootstrap_draws') }}
),

drawn as (
    select
        buckets.quarter_start,
        buckets.conversion_type,
        buckets.channel,
        draws.replicate,
        sum(cast(buckets.credit_billionths as decimal(38, 0)) * draws.times) as credit
    from buckets
    inner join draws
        on buckets.bucket = draws.bucket
    group by buckets.quarter_start, buckets.conversion_type, buckets.channel, draws.replicate
),

replicates as (
    select
        quarter_start,
        conversion_type,
        replicate,
        sum(credit) as credit
    from drawn
    group by quarter_start, conversion_type, replicate
),

channels as (
    select
        quarter_start,
        conversion_type,
        channel,
        sum(cast(credit_billionths as decimal(38, 0))) as credit
    from buckets
    group by quarter_start, conversion_type, channel
),

totals as (
    select
        quarter_start,
        conversion_type,
        sum(credit) as credit
    from channels
    group by quarter_start, conversion_type
),

-- A replicate that drew none of a channel's buckets gave it nothing.
shares as (
    select
        channels.quarter_start,
        channels.conversion_type,
        channels.channel,
        {{ divide('coalesce(drawn.credit, 0)', 'replicates.credit') }} as share
    from channels
    inner join replicates
        on
            channels.quarter_start = replicates.quarter_start
            and channels.conversion_type = replicates.conversion_type
    left join drawn
        on
            channels.quarter_start = drawn.quarter_start
            and channels.conversion_type = drawn.conversion_type
            and channels.channel = drawn.channel
            and replicates.replicate = drawn.replicate
),

bounds as (
    select
        quarter_start,
        conversion_type,
        channel,
        round(percentile_cont(0.025) within group (order by share), 12) as lower_bound,
        round(percentile_cont(0.975) within group (order by share), 12) as upper_bound
    from shares
    group by quarter_start, conversion_type, channel
),

intervals as (
    select
        channels.quarter_start,
        channels.conversion_type,
        channels.channel,
        {{ divide('channels.credit', 'totals.credit') }} as share,
        bounds.lower_bound,
        bounds.upper_bound
    from channels
    inner join totals
        on
            channels.quarter_start = totals.quarter_start
            and channels.conversion_type = totals.conversion_type
    inner join bounds
        on
            channels.quarter_start = bounds.quarter_start
            and channels.conversion_type = bounds.conversion_type
            and channels.channel = bounds.channel
)

select * from intervals
