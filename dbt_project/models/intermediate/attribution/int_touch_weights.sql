-- Grain: one row a model, path and touch that the model credits.
with

paths as (
    select * from {{ ref('int_conversion_paths') }}
),

models as (
    select distinct
        model_number,
        path_set_id,
        family,
        anchor_touch_kind,
        anchor_weight,
        half_life_days,
        direct_policy
    from {{ ref('int_model_specifications') }}
    where is_path_level or is_shadow
),

position_weights as (
    select * from {{ ref('int_position_weights') }}
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
        paths.position as path_position,
        paths.path_length,
        paths.other_position,
        paths.other_path_length,
        paths.touch_kind,
        paths.channel_number,
        paths.is_direct,
        paths.seconds_before_last,
        paths.seconds_before_last_other,
        paths.tie_hash
    from paths
    inner join models
        on paths.path_set_id = models.path_set_id
),

counted as (
    select
        model_number,
        family,
        anchor_touch_kind,
        anchor_weight,
        half_life_days,
        path_id,
        path_position,
        case when counts_direct then path_position else other_position end as position,
        case when counts_direct then path_length else other_path_length end as path_length,
        touch_kind,
        channel_number,
        case when counts_direct then seconds_before_last else seconds_before_last_other end
        / 86400 as days_before_last,
        tie_hash
    from candidates
    where counts_direct or not is_direct
),

by_one_touch as (
    select
        model_number,
        path_id,
        path_position,
        position,
        path_length,
        tie_hash,
        cast(1 as double) as credit
    from counted
    where
        (family = 'first_touch' and position = 1)
        or (family in ('last_touch', 'last_non_direct') and position = path_length)
),

by_number as (
    select
        model_number,
        path_id,
        path_position,
        position,
        path_length,
        tie_hash,
        {{ divide('1', 'path_length') }} as credit
    from counted
    where family = 'linear'
),

-- In whole millionths of a millionth: a sum of integers does not depend on the order that rows come in.
decayed as (
    select
        model_number,
        path_id,
        path_position,
        position,
        path_length,
        tie_hash,
        cast(
            round(power(2.0, {{ divide('-days_before_last', 'half_life_days') }}) * 1000000000000) as bigint
        ) as weight
    from counted
    where family = 'time_decay'
),

decay_sums as (
    select
        model_number,
        path_id,
        sum(weight) as weight
    from decayed
    group by model_number, path_id
),

by_decay as (
    select
        decayed.model_number,
        decayed.path_id,
        decayed.path_position,
        decayed.position,
        decayed.path_length,
        decayed.tie_hash,
        {{ divide('decayed.weight', 'decay_sums.weight') }} as credit
    from decayed
    inner join decay_sums
        on decayed.model_number = decay_sums.model_number and decayed.path_id = decay_sums.path_id
),

channel_touches as (
    select
        model_number,
        path_id,
        channel_number,
        count(*) as touch_count
    from counted
    where family = 'shapley'
    group by model_number, path_id, channel_number
),

path_channels as (
    select
        model_number,
        path_id,
        count(*) as channel_count
    from channel_touches
    group by model_number, path_id
),

by_channel as (
    select
        counted.model_number,
        counted.path_id,
        counted.path_position,
        counted.position,
        counted.path_length,
        counted.tie_hash,
        {{ divide('1', 'path_channels.channel_count * channel_touches.touch_count') }} as credit
    from counted
    inner join channel_touches
        on
            counted.model_number = channel_touches.model_number
            and counted.path_id = channel_touches.path_id
            and counted.channel_number = channel_touches.channel_number
    inner join path_channels
        on counted.model_number = path_channels.model_number and counted.path_id = path_channels.path_id
    where counted.family = 'shapley'
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

lists as (
    select distinct
        model_number,
        weight_count,
        end_count
    from position_weights
),

slotted as (
    select
        counted.model_number,
        counted.path_id,
        counted.path_position,
        counted.position,
        counted.path_length,
        counted.tie_hash,
        anchors.anchor_position,
        counted.anchor_weight,
        lists.end_count,
        {{ position_slots() }} as slot_count,
        {{ position_slot() }} as slot
    from counted
    inner join lists
        on counted.model_number = lists.model_number
    left join anchors
        on counted.model_number = anchors.model_number and counted.path_id = anchors.path_id
    where counted.family = 'position'
),

by_position as (
    select
        slotted.model_number,
        slotted.path_id,
        slotted.path_position,
        slotted.position,
        slotted.path_length,
        slotted.tie_hash,
        {{ position_credit() }} as credit
    from slotted
    inner join position_weights as slots
        on
            slotted.model_number = slots.model_number
            and slotted.slot_count = slots.slot_count
            and slotted.slot = slots.slot
),

credits as (
    select * from by_one_touch
    union all
    select * from by_number
    union all
    select * from by_decay
    union all
    select * from by_channel
    union all
    select * from by_position
),

credited as (
    select * from credits
    where credit > 0
)

select * from credited
