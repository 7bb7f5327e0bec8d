-- One row per month or quarter, conversion_type, pair of models and channel; the default model is always the second of
-- its pairs. Nothing adds up across pairs; over channels of one pair the share differences sum to 0.
with

shares as (
    select * from {{ ref('channel_attribution_period') }}
),

models as (
    select * from {{ ref('attribution_models') }}
),

types as (
    select * from {{ ref('conversion_types') }}
),

channels as (
    select * from {{ ref('dim_channels') }}
),

pairs as (
    select
        models.model_id,
        others.model_id as other_model_id,
        models.name,
        models.name_zh,
        others.name as other_name,
        others.name_zh as other_name_zh,
        models.family = 'last_touch' and others.is_default as is_last_click_against_default
    from models
    inner join models as others
        on models.model_id <> others.model_id
    where others.is_default or (not models.is_default and models.model_id < others.model_id)
),

seen_channels as (
    select distinct
        period_grain,
        period_start,
        conversion_type,
        channel
    from shares
),

seen_models as (
    select distinct
        period_grain,
        period_start,
        conversion_type,
        model_id
    from shares
),

compared as (
    select
        seen_channels.period_grain,
        seen_channels.period_start,
        seen_channels.conversion_type,
        seen_channels.channel,
        pairs.model_id,
        pairs.other_model_id,
        pairs.name,
        pairs.name_zh,
        pairs.other_name,
        pairs.other_name_zh,
        pairs.is_last_click_against_default,
        coalesce(own.share, 0) as share,
        coalesce(other.share, 0) as other_share
    from seen_channels
    inner join seen_models
        on
            seen_channels.period_grain = seen_models.period_grain
            and seen_channels.period_start = seen_models.period_start
            and seen_channels.conversion_type = seen_models.conversion_type
    inner join pairs
        on seen_models.model_id = pairs.model_id
    inner join seen_models as other_models
        on
            seen_channels.period_grain = other_models.period_grain
            and seen_channels.period_start = other_models.period_start
            and seen_channels.conversion_type = other_models.conversion_type
            and pairs.other_model_id = other_models.model_id
    left join shares as own
        on
            seen_channels.period_grain = own.period_grain
            and seen_channels.period_start = own.period_start
            and seen_channels.conversion_type = own.conversion_type
            and seen_channels.channel = own.channel
            and pairs.model_id = own.model_id
    left join shares as other
        on
            seen_channels.period_grain = other.period_grain
            and seen_channels.period_start = other.period_start
            and seen_channels.conversion_type = other.conversion_type
            and seen_channels.channel = other.channel
            and pairs.other_model_id = other.model_id
    where own.share is not null or other.share is not null
),

worded as (
    select
        compared.period_grain,
        compared.period_start,
        compared.conversion_type,
        compared.model_id,
        compared.other_model_id,
        compared.channel,
        compared.share,
        compared.other_share,
        compared.share - compared.other_share as share_difference,
        {{ difference_sentence(
            'compared', 'channels.name', 'types.name', 'en'
        ) }} as sentence,
        {{ difference_sentence(
            'compared', 'channels.name_zh', 'types.name_zh', 'zh'
        ) }} as sentence_zh
    from compared
    left join channels
        on compared.channel = channels.channel
    left join types
        on compared.conversion_type = types.conversion_type
),

typed as (
    select
        period_grain,
        period_start,
        conversion_type,
        model_id,
        other_model_id,
        channel,
        cast(share as double) as share,
        cast(other_share as double) as other_share,
        cast(share_difference as double) as share_difference,
        sentence,
        sentence_zh
    from worded
)

select * from typed
