-- Grain: one row a specification, conversion and touch on its path. Built once for all models that share it.
with

specifications as (
    select * from {{ ref('int_path_specifications') }}
),

windows as (
    select
        windows.path_id,
        windows.specification_id,
        windows.conversion_id,
        windows.customer_key,
        windows.opened_at,
        windows.converted_at,
        specifications.touch_kinds,
        specifications.max_path_touches
    from {{ ref('int_path_windows') }} as windows
    inner join specifications
        on windows.specification_id = specifications.specification_id
),

touches as (
    select
        touch_id,
        customer_key,
        touched_at,
        touch_kind,
        channel,
        channel_group = 'direct' as is_direct
    from {{ ref('fct_touches') }}
),

counted_kinds as (
    select distinct
        specifications.touch_kinds,
        kinds.touch_kind
    from specifications
    inner join (select distinct touch_kind from touches) as kinds
        on {{ list_holds('specifications.touch_kinds', 'kinds.touch_kind') }}
),

counted_touches as (
    select
        counted_kinds.touch_kinds,
        touches.touch_id,
        touches.customer_key,
        touches.touched_at,
        touches.touch_kind,
        touches.channel,
        touches.is_direct
    from touches
    inner join counted_kinds
        on touches.touch_kind = counted_kinds.touch_kind
),

reached as (
    select
        windows.path_id,
        windows.max_path_touches,
        counted_touches.touch_id,
        counted_touches.touch_kind,
        counted_touches.channel,
        counted_touches.is_direct,
        {{ seconds_between('counted_touches.touched_at', 'windows.converted_at') }} as seconds_to_conversion,
        {{ tie_hash("windows.conversion_id || '|' || counted_touches.touch_id") }} as tie_hash
    from windows
    inner join counted_touches
        on
            windows.customer_key = counted_touches.customer_key
            and windows.touch_kinds = counted_touches.touch_kinds
            and windows.opened_at < counted_touches.touched_at
            and windows.converted_at >= counted_touches.touched_at
),

ordered as (
    select
        path_id,
        max_path_touches,
        touch_id,
        touch_kind,
        channel,
        is_direct,
        seconds_to_conversion,
        tie_hash,
        row_number() over (
            partition by path_id order by seconds_to_conversion asc, touch_id desc
        ) as place_from_end,
        count(*) over (partition by path_id) as touches_in_window
    from reached
),

placed as (
    select
        path_id,
        place_from_end,
        touch_id,
        touch_kind,
        channel,
        is_direct,
        seconds_to_conversion,
        tie_hash,
        touches_in_window,
        count(*) over (partition by path_id) as path_length,
        min(seconds_to_conversion) over (partition by path_id) as last_seconds_to_conversion,
        sum(case when is_direct then 0 else 1 end) over (
            partition by path_id order by place_from_end rows between unbounded preceding and current row
        ) as other_place_from_end,
        sum(case when is_direct then 0 else 1 end) over (partition by path_id) as other_path_length,
        min(case when not is_direct then seconds_to_conversion end) over (
            partition by path_id
        ) as last_other_seconds_to_conversion
    from ordered
    where place_from_end <= max_path_touches
),

named as (
    select
        placed.path_id,
        windows.specification_id,
        windows.conversion_id,
        placed.touch_id,
        placed.touch_kind,
        placed.channel,
        placed.place_from_end,
        cast(placed.path_length as bigint) as path_length,
        placed.last_seconds_to_conversion,
        placed.is_direct,
        cast(placed.other_place_from_end as bigint) as other_place_from_end,
        cast(placed.other_path_length as bigint) as other_path_length,
        placed.last_other_seconds_to_conversion,
        placed.seconds_to_conversion,
        placed.tie_hash,
        placed.touches_in_window
    from placed
    inner join windows
        on placed.path_id = windows.path_id
)

select * from named
