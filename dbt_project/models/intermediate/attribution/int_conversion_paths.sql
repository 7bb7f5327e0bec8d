-- Grain: one row a path and touch on it. Built once for all models and types of conversion that share it.
with

windows as (
    select * from {{ ref('int_path_windows') }}
    where path_length > 0
),

occasions as (
    select distinct
        occasion_number,
        occasion_id
    from {{ ref('int_conversions_numbered') }}
),

touches as (
    select * from {{ ref('int_touches_numbered') }}
),

places as (
    select
        path_id,
        kind_set_id,
        customer_number,
        number_before,
        {{ each_number('1', 'path_length') }} as position
    from windows
),

on_path as (
    select
        places.path_id,
        places.position,
        touches.other_number,
        touches.touch_id,
        touches.touched_at,
        touches.touch_kind,
        touches.channel_number,
        touches.is_direct
    from places
    inner join touches
        on
            places.kind_set_id = touches.kind_set_id
            and places.customer_number = touches.customer_number
            and places.number_before + places.position = touches.touch_number
),

placed as (
    select
        on_path.path_id,
        windows.path_set_id,
        windows.occasion_number,
        on_path.position,
        windows.path_length,
        on_path.other_number - windows.other_number_before as other_position,
        windows.other_path_length,
        on_path.touch_id,
        on_path.touch_kind,
        on_path.channel_number,
        on_path.is_direct,
        {{ seconds_between('on_path.touched_at', 'windows.last_touched_at') }} as seconds_before_last,
        {{ seconds_between('on_path.touched_at', 'windows.last_other_touched_at') }}
            as seconds_before_last_other,
        {{ tie_hash("occasions.occasion_id || '|' || on_path.touch_id") }} as tie_hash
    from on_path
    inner join windows
        on on_path.path_id = windows.path_id
    inner join occasions
        on windows.occasion_number = occasions.occasion_number
)

select * from placed
