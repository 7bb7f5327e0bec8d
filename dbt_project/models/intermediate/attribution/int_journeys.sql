-- Grain: one row a journey specification, customer and journey: touches up to and with a conversion, or up to a gap.
{% set customers = ref('int_affected_journey_customers') -%}
{% set scope = 'semi join ' ~ customers ~ ' using (customer_key)' -%}
{% set affected = scope if is_increment() and is_incremental() else '' -%}
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

first_orders as (
    select
        customer_key,
        min(ordered_at) as first_ordered_at
    from {{ ref('fct_orders') }}
    {{ affected }}
    where is_first_order
    group by customer_key
),

conversions as (
    select
        conversion_id,
        conversion_type,
        customer_key,
        converted_at,
        converted_on,
        lag(converted_at) over (
            partition by customer_key, conversion_type order by converted_at, conversion_id
        ) as previous_converted_at,
        row_number() over (
            partition by customer_key, conversion_type order by converted_at, conversion_id
        ) as conversion_number
    from {{ ref('fct_conversions') }}
    {{ affected }}
),

reaches as (
    select distinct
        touch_kinds,
        look_back_days
    from specifications
),

reached as (
    select
        reaches.touch_kinds,
        reaches.look_back_days,
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
),

first_conversions as (
    select
        conversion_type,
        customer_key,
        converted_at
    from conversions
    where conversion_number = 1
),

-- Who has bought is no longer at risk of a first purchase, and only who has bought is at risk of another.
at_risk as (
    select
        specifications.journey_specification_id,
        specifications.conversion_type,
        specifications.look_back_days,
        specifications.max_path_touches,
        specifications.direct_policy,
        runs.customer_key,
        runs.touched_at,
        runs.touched_on,
        runs.channel,
        runs.is_direct,
        runs.place,
        runs.run_number
    from runs
    inner join specifications
        on
            runs.touch_kinds = specifications.touch_kinds
            and runs.look_back_days = specifications.look_back_days
    left join first_orders
        on runs.customer_key = first_orders.customer_key
    left join first_conversions
        on
            runs.customer_key = first_conversions.customer_key
            and specifications.conversion_type = first_conversions.conversion_type
    where
        case
            when specifications.ends_at_first_order
                then coalesce(runs.touched_at <= first_orders.first_ordered_at, true)
            when specifications.begins_after_first_order
                then coalesce(runs.touched_at > first_orders.first_ordered_at, false)
            when specifications.ends_at_first_conversion
                then coalesce(runs.touched_at <= first_conversions.converted_at, true)
            else true
        end
),

-- A touch at the instant of a conversion led to it.
touched as (
    select
        at_risk.journey_specification_id,
        at_risk.conversion_type,
        at_risk.look_back_days,
        at_risk.max_path_touches,
        at_risk.direct_policy,
        at_risk.customer_key,
        coalesce(conversions.conversion_number, 0) as next_conversion_number,
        at_risk.run_number,
        min(at_risk.touched_at) as started_at,
        max(at_risk.touched_at) as last_touched_at,
        max(at_risk.touched_on) as last_touched_on,
        count(*) as touch_count,
        {{ channels_in_order('at_risk.channel', 'at_risk.is_direct', 'at_risk.place') }} as channels
    from at_risk
    left join conversions
        on
            at_risk.customer_key = conversions.customer_key
            and at_risk.conversion_type = conversions.conversion_type
            and at_risk.touched_at <= conversions.converted_at
            and (
                conversions.previous_converted_at is null
                or at_risk.touched_at > conversions.previous_converted_at
            )
    group by
        at_risk.journey_specification_id,
        at_risk.conversion_type,
        at_risk.look_back_days,
        at_risk.max_path_touches,
        at_risk.direct_policy,
        at_risk.customer_key,
        conversions.conversion_number,
        at_risk.run_number
),

followed as (
    select
        touched.journey_specification_id,
        touched.customer_key,
        touched.next_conversion_number,
        touched.run_number,
        touched.started_at,
        touched.last_touched_at,
        touched.last_touched_on,
        touched.touch_count,
        {{ journey_path('touched.channels', 'touched.max_path_touches', 'touched.direct_policy') }} as path,
        conversions.conversion_id,
        conversions.converted_at,
        conversions.converted_on
    from touched
    left join conversions
        on
            touched.customer_key = conversions.customer_key
            and touched.conversion_type = conversions.conversion_type
            and touched.next_conversion_number = conversions.conversion_number
            and conversions.converted_at
            <= touched.last_touched_at + touched.look_back_days * interval '1' day
),

-- What converts after no touch is a journey, too.
unled as (
    select
        specifications.journey_specification_id,
        conversions.customer_key,
        conversions.conversion_number as next_conversion_number,
        0 as run_number,
        conversions.converted_at as started_at,
        cast(null as timestamp) as last_touched_at,
        cast(null as date) as last_touched_on,
        0 as touch_count,
        '' as path,
        conversions.conversion_id,
        conversions.converted_at,
        conversions.converted_on
    from conversions
    inner join specifications
        on conversions.conversion_type = specifications.conversion_type
    left join followed
        on
            specifications.journey_specification_id = followed.journey_specification_id
            and conversions.conversion_id = followed.conversion_id
    where followed.conversion_id is null
),

journeys as (
    select * from followed
    union all
    select * from unled
),

typed as (
    select
        journey_specification_id,
        customer_key,
        cast(next_conversion_number as bigint) as next_conversion_number,
        cast(run_number as bigint) as run_number,
        started_at,
        last_touched_at,
        coalesce(converted_at, last_touched_at) as ended_at,
        coalesce(converted_on, last_touched_on) as ended_on,
        cast(touch_count as bigint) as touch_count,
        path,
        conversion_id,
        conversion_id is not null as is_converting
    from journeys
)

select * from typed
