-- Grain: one row a conversion, shadow model (the default one with another look-back) and channel: its share of the
-- conversion.
with

models as (
    select * from {{ ref('int_model_specifications') }}
    where is_shadow
),

paths as (
    select
        path_id,
        place_from_end,
        channel
    from {{ ref('int_conversion_paths') }}
),

windows as (
    select
        windows.path_id,
        windows.conversion_id,
        models.model_number,
        models.quality_measure
    from {{ ref('int_path_windows') }} as windows
    inner join models
        on windows.specification_id = models.specification_id
),

weights as (
    select
        windows.path_id,
        windows.model_number,
        paths.channel,
        weights.weight
    from {{ ref('int_touch_weights') }} as weights
    inner join windows
        on weights.model_number = windows.model_number and weights.path_id = windows.path_id
    inner join paths
        on weights.path_id = paths.path_id and weights.place_from_end = paths.place_from_end
),

channels as (
    select
        path_id,
        model_number,
        channel,
        sum(weight) as weight
    from weights
    group by path_id, model_number, channel
),

shares as (
    select
        windows.conversion_id,
        windows.quality_measure,
        coalesce(channels.channel, '(unattributed)') as channel,
        coalesce(
            {{ divide(
                'channels.weight', 'sum(channels.weight) over (partition by windows.model_number, windows.path_id)'
            ) }},
            1
        ) as credit
    from windows
    left join channels
        on windows.model_number = channels.model_number and windows.path_id = channels.path_id
)

select * from shares
