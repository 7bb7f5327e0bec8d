-- An interval is of the share that is published, found again from the buckets; bounds the other way round would show.
with

default_model as (
    select model_id from {{ ref('attribution_models') }}
    where is_default
),

published as (
    select
        periods.period_start,
        periods.conversion_type,
        periods.model_id,
        periods.channel,
        periods.share
    from {{ ref('channel_attribution_period') }} as periods
    inner join default_model
        on periods.model_id = default_model.model_id
    where periods.period_grain = 'quarter'
),

measured as (
    select * from {{ ref('attribution_quality') }}
    where measure = 'share'
),

apart as (
    select
        coalesce(published.period_start, measured.period_start) as period_start,
        coalesce(published.conversion_type, measured.conversion_type) as conversion_type,
        coalesce(published.channel, measured.channel) as channel
    from published
    full outer join measured
        on
            published.period_start = measured.period_start
            and published.conversion_type = measured.conversion_type
            and published.channel = measured.channel
    where
        (
            abs(published.share - measured.value) <= 1e-6
            and measured.lower_bound <= measured.upper_bound
            and measured.lower_bound >= 0
            and measured.upper_bound <= 1
        ) is not true
)

select * from apart
