-- Grain: one row a journey specification, customer and journey: touches up to and with a conversion, or up to a gap.
{% set customers = ref('int_affected_journey_customers') -%}
{% set scope = 'semi join ' ~ customers ~ ' using (customer_key)' -%}
{% set affected = scope if is_increment() and is_incremental() else '' -%}
with

specifications as (
    select * from {{ ref('int_journey_specifications') }}
),

runs as (
    select * from {{ ref('int_journey_runs') }}
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

first_conversions as (
    select
        conversion_type,
        customer_key,
        converted_at
    from conversions
    where conversion_number = 1
),

-- Nothing cuts the runs of who has neither bought nor converted: they are journeys of every type alike.
cutting_customers as (
    select customer_key from first_orders
    union
    select customer_key from conversions
),

uncut as (
    select
        runs.touch_kinds,
        runs.look_back_days,
        runs.customer_key,
        runs.run_number,
        min(runs.touched_at) as started_at,
        max(runs.touched_at) as last_touched_at,
        max(runs.touched_on) as last_touched_on,
        count(*) as touch_count,
        {{ newest_channels(
            'runs.channel', 'runs.is_direct', 'runs.place', 'runs.max_path_touches'
        ) }} as channels
    from runs
    anti join cutting_customers on runs.customer_key = cutting_customers.customer_key
    group by runs.touch_kinds, runs.look_back_days, runs.customer_key, runs.run_number
),

cut as (
    select
        runs.touch_kinds,
        runs.look_back_days,
        runs.customer_key,
        runs.touched_at,
        runs.touched_on,
        runs.channel,
        runs.is_direct,
        runs.place,
        runs.run_number
    from runs
    semi join cutting_customers on runs.customer_key = cutting_customers.customer_key
),

-- Who has bought is no longer at risk of a first purchase, and only who has bought is at risk of another.
at_risk as (
    select
        specifications.journey_specification_id,
        specifications.conversion_type,
        specifications.max_path_touches,
        cut.customer_key,
        cut.touched_at,
        cut.touched_on,
        cut.channel,
        cut.is_direct,
        cut.place,
        cut.run_number
    from cut
    inner join specifications
        on
            cut.touch_kinds = specifications.touch_kinds
            and cut.look_back_days = specifications.look_back_days
    left join first_orders
        on cut.customer_key = first_orders.customer_key
    left join first_conversions
        on
            cut.customer_key = first_conversions.customer_key
            and specifications.conversion_type = first_conversions.conversion_type
    where
        case
            when specifications.ends_at_first_order
                then coalesce(cut.touched_at <= first_orders.first_ordered_at, true)
            when specifications.begins_after_first_order
                then coalesce(cut.touched_at > first_orders.first_ordered_at, false)
            when specifications.ends_at_first_conversion
                then coalesce(cut.touched_at <= first_conversions.converted_at, true)
            else true
        end
),

-- A touch at the instant of a conversion led to it.
parts as (
    select
        at_risk.journey_specification_id,
        at_risk.customer_key,
        coalesce(conversions.conversion_number, 0) as next_conversion_number,
        at_risk.run_number,
        min(at_risk.touched_at) as started_at,
        max(at_risk.touched_at) as last_touched_at,
        max(at_risk.touched_on) as last_touched_on,
        count(*) as touch_count,
        {{ newest_channels(
            'at_risk.channel', 'at_risk.is_direct', 'at_risk.place', 'at_risk.max_path_touches'
        ) }} as channels
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
        at_risk.customer_key,
        conversions.conversion_number,
        at_risk.run_number
),

followed as (
    select
        parts.journey_specification_id,
        parts.customer_key,
        parts.next_conversion_number,
        parts.run_number,
        parts.started_at,
        parts.last_touched_at,
        parts.last_touched_on,
        parts.touch_count,
        parts.channels,
        conversions.conversion_id,
        conversions.converted_at,
        conversions.converted_on
    from parts
    inner join specifications
        on parts.journey_specification_id = specifications.journey_specification_id
    left join conversions
        on
            parts.customer_key = conversions.customer_key
            and specifications.conversion_type = conversions.conversion_type
            and parts.next_conversion_number = conversions.conversion_number
            and conversions.converted_at
            <= parts.last_touched_at + specifications.look_back_days * interval '1' day
),

touched as (
    select * from followed
    union all
    select
        specifications.journey_specification_id,
        uncut.customer_key,
        0 as next_conversion_number,
        uncut.run_number,
        uncut.started_at,
        uncut.last_touched_at,
        uncut.last_touched_on,
        uncut.touch_count,
        uncut.channels,
        cast(null as string) as conversion_id,
        cast(null as timestamp) as converted_at,
        cast(null as date) as converted_on
    from uncut
    inner join specifications
        on
            uncut.touch_kinds = specifications.touch_kinds
            and uncut.look_back_days = specifications.look_back_days
    where not specifications.begins_after_first_order
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
    select
        touched.journey_specification_id,
        touched.customer_key,
        touched.next_conversion_number,
        touched.run_number,
        touched.started_at,
        touched.last_touched_at,
        touched.last_touched_on,
        touched.touch_count,
        {{ journey_path(
            'touched.channels', 'specifications.max_path_touches', 'specifications.direct_policy'
        ) }} as path,
        touched.conversion_id,
        touched.converted_at,
        touched.converted_on
    from touched
    inner join specifications
        on touched.journey_specification_id = specifications.journey_specification_id
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
