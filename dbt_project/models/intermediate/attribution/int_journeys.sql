-- Grain: one row a specification, customer and journey, for specifications that start anew after each conversion.
with

specifications as (
    select * from {{ ref('int_path_specifications') }}
    where path_starts = 'previous_conversion'
),

touches as (
    select
        customer_key,
        touch_id,
        touched_at,
        touch_kind
    from {{ ref('fct_touches') }}
),

conversions as (
    select
        customer_key,
        conversion_id,
        conversion_type,
        converted_at
    from {{ ref('fct_conversions') }}
),

-- A touch at the instant of a conversion led to it: touches come first.
events as (
    select
        specifications.specification_id,
        specifications.look_back_days,
        touches.customer_key,
        touches.touched_at as happened_at,
        0 as is_conversion,
        touches.touch_id as event_id
    from touches
    inner join specifications
        on {{ list_holds('specifications.touch_kinds', 'touches.touch_kind') }}
    union all
    select
        specifications.specification_id,
        specifications.look_back_days,
        conversions.customer_key,
        conversions.converted_at as happened_at,
        1 as is_conversion,
        conversions.conversion_id as event_id
    from conversions
    inner join specifications
        on conversions.conversion_type = specifications.conversion_type
),

followed as (
    select
        specification_id,
        look_back_days,
        customer_key,
        happened_at,
        is_conversion,
        event_id,
        lag(happened_at) over (
            partition by specification_id, customer_key order by happened_at, is_conversion, event_id
        ) as previous_at,
        lag(is_conversion) over (
            partition by specification_id, customer_key order by happened_at, is_conversion, event_id
        ) as follows_conversion
    from events
),

numbered as (
    select
        specification_id,
        look_back_days,
        customer_key,
        happened_at,
        is_conversion,
        event_id,
        sum(
            case
                when follows_conversion = 0 and happened_at <= previous_at + look_back_days * interval '1' day
                    then 0
                else 1
            end
        ) over (
            partition by specification_id, customer_key
            order by happened_at, is_conversion, event_id
            rows between unbounded preceding and current row
        ) as journey_number
    from followed
),

journeys as (
    select
        specification_id,
        customer_key,
        cast(journey_number as bigint) as journey_number,
        min(happened_at) as started_at,
        max(happened_at) as ended_at,
        cast(sum(1 - is_conversion) as bigint) as touch_count,
        max(case when is_conversion = 1 then event_id end) as conversion_id,
        max(is_conversion) = 1 as is_converting,
        max(is_conversion) = 0
        and max(happened_at + look_back_days * interval '1' day) >= {{ as_of() }} as is_open
    from numbered
    group by specification_id, customer_key, journey_number
)

select * from journeys
