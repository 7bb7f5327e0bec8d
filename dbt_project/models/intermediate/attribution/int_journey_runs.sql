-- Grain: one row a reach (touch kinds and look-back) and touch, with the run of touches that it is part of.
{% set customers = ref('int_affected_journey_customers') -%}
{% set affected = 'semi join ' ~ customers ~ ' using (customer_key)' if is_increment() else '' -%}
with

specifications as (
    select * from {{ ref('int_journey_specifications') }}
),

touches as (
    select
        touch_id,
        customer_key,
        touched_at,
        touched_on,
        touch_kind,
        channel,
        channel_group = 'direct' as is_direct
    from {{ ref('fct_touches') }}
    {{ affected }}
),

reaches as (
    select
        touch_kinds,
        look_back_days,
        max(max_path_touches) as max_path_touches
    from specifications
    group by touch_kinds, look_back_days
),

reached as (
    select
        reaches.touch_kinds,
        reaches.look_back_days,
        reaches.max_path_touches,
        touches.customer_key,
        touches.touched_at,
        touches.touched_on,
        touches.channel,
        touches.is_direct,
        row_number() over (
            partition by reaches.touch_kinds, reaches.look_back_days, touches.customer_key
            order by touches.touched_at, touches.touch_id
        ) as place,
        lag(touches.touched_at) over (
            partition by reaches.touch_kinds, reaches.look_back_days, touches.customer_key
            order by touches.touched_at, touches.touch_id
        ) as previous_touched_at
    from touches
    inner join reaches
        on {{ list_holds('reaches.touch_kinds', 'touches.touch_kind') }}
),

-- A run is touches none of which is further from the one before than the look-back, whatever converted between.
runs as (
    select
        touch_kinds,
        look_back_days,
        max_path_touches,
        customer_key,
        touched_at,
        touched_on,
        channel,
        is_direct,
        place,
        sum(
            case when touched_at <= previous_touched_at + look_back_days * interval '1' day then 0 else 1 end
        ) over (
            partition by touch_kinds, look_back_days, customer_key
            order by place
            rows between unbounded preceding and current row
        ) as run_number
    from reached
)

select * from runs
