-- Grain: one row a model, path and touch that the model gives any weight.
with

paths as (
    select * from {{ ref('int_conversion_paths') }}
),

models as (
    select * from {{ ref('int_model_specifications') }}
    where is_path_level
),

position_weights as (
    select * from {{ ref('int_position_weights') }}
),

lists as (
    select
        model_number,
        max(slot_count) as weight_count,
        max(end_count) as end_count
    from position_weights
    group by model_number
),

candidates as (
    select
        models.model_number,
        models.family,
        models.anchor_touch_kind,
        models.anchor_weight,
        models.half_life_days,
        models.direct_policy = 'keep'
        or (models.direct_policy = 'drop_if_other' and paths.other_path_length = 0) as counts_direct,
        paths.path_id,
        paths.place_from_end,
        paths.path_length,
        paths.last_seconds_to_conversion,
        paths.touch_kind,
        paths.channel,
        paths.is_direct,
        paths.other_place_from_end,
        paths.other_path_length,
        paths.last_other_seconds_to_conversion,
        paths.seconds_to_conversion,
        paths.tie_hash
    from paths
    inner join models
        on paths.specification_id = models.specification_id
),

counted as (
    select
        model_number,
        family,
        anchor_touch_kind,
        anchor_weight,
        half_life_days,
        path_id,
        place_from_end,
        touch_kind,
        channel,
        tie_hash,
        case
            when counts_direct then path_length - place_from_end + 1
            else other_path_length - other_place_from_end + 1
        end as position,
        case when counts_direct then path_length else other_path_length end as path_length,
        (
            seconds_to_conversion
            - case
                when counts_direct then last_seconds_to_conversion
                else last_other_seconds_to_conversion
            end
        ) / 86400 as days_before_last_touch
    from candidates
    where counts_direct or not is_direct
),

anchors as (
    select
        model_number,
        path_id,
        min(position) as anchor_position
    from counted
    where touch_kind = anchor_touch_kind
    group by model_number, path_id
),

channel_touches as (
    select
        model_number,
        path_id,
        channel,
        count(*) as touches_of_channel
    from counted
    where family = 'shapley'
    group by model_number, path_id, channel
),

path_channels as (
    select
        model_number,
        path_id,
        count(*) as channels_of_path
    from channel_touches
    group by model_number, path_id
),

slotted as (
    select
        counted.model_number,
        counted.family,
        counted.anchor_weight,
        counted.half_life_days,
        counted.path_id,
        counted.place_from_end,
        counted.channel,
        counted.tie_hash,
        counted.position,
        counted.path_length,
        counted.days_before_last_touch,
        lists.weight_count,
        lists.end_count,
        anchors.anchor_position,
        case when counted.path_length < lists.weight_count then counted.path_length else lists.weight_count end
            as slot_count,
        {{ position_slot() }} as slot
    from counted
    left join lists
        on counted.model_number = lists.model_number
    left join anchors
        on counted.model_number = anchors.model_number and counted.path_id = anchors.path_id
),

-- In whole millionths of a millionth: a sum of integers does not depend on the order that rows come in.
weighted as (
    select
        slotted.model_number,
        slotted.path_id,
        slotted.place_from_end,
        slotted.tie_hash,
        slotted.position,
        slotted.path_length,
        cast(round({{ touch_weight() }} * 1000000000000) as bigint) as weight
    from slotted
    left join position_weights
        on
            slotted.model_number = position_weights.model_number
            and slotted.slot_count = position_weights.slot_count
            and slotted.slot = position_weights.slot
    left join channel_touches
        on
            slotted.model_number = channel_touches.model_number
            and slotted.path_id = channel_touches.path_id
            and slotted.channel = channel_touches.channel
    left join path_channels
        on slotted.model_number = path_channels.model_number and slotted.path_id = path_channels.path_id
),

weighty as (
    select * from weighted
    where weight > 0
)

select * from weighty
