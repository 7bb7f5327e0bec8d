-- Grain: one row a conversion, shadow model (the default one with another look-back) and channel: its share of the
-- conversion.
with

models as (
    select * from {{ ref('int_model_specifications') }}
    where is_shadow
),

windows as (
    select * from {{ ref('int_path_windows') }}
),

conversions as (
    select * from {{ ref('int_conversions_numbered') }}
    where is_computed
),

paths as (
    select
        path_id,
        position,
        touch_id
    from {{ ref('int_conversion_paths') }}
),

touches as (
    select
        touch_id,
        channel
    from {{ ref('fct_touches') }}
),

credited as (
    select
        windows.path_id,
        models.model_number,
        models.quality_measure,
        conversions.conversion_id
    from windows
    inner join conversions
        on windows.occasion_number = conversions.occasion_number
    inner join models
        on
            windows.path_set_id = models.path_set_id
            and conversions.conversion_type = models.conversion_type
),

weights as (
    select
        weights.path_id,
        weights.model_number,
        touches.channel,
        weights.credit
    from {{ ref('int_touch_weights') }} as weights
    inner join (select distinct model_number from models) as shadows
        on weights.model_number = shadows.model_number
    inner join paths
        on weights.path_id = paths.path_id and weights.path_position = paths.position
    inner join touches
        on paths.touch_id = touches.touch_id
),

channels as (
    select
        path_id,
        model_number,
        channel,
        {{ exact_sum('credit') }} as credit
    from weights
    group by path_id, model_number, channel
),

shares as (
    select
        credited.conversion_id,
        credited.quality_measure,
        coalesce(channels.channel, '(unattributed)') as channel,
        coalesce(channels.credit, 1) as credit
    from credited
    left join channels
        on credited.model_number = channels.model_number and credited.path_id = channels.path_id
)

select * from shares
