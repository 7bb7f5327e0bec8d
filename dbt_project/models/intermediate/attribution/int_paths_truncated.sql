-- Grain: one row a conversion whose window under the default model holds more touches than max_path_touches keeps. Told
-- from the facts, since an increment's paths are those of this build only.
with

specifications as (
    select
        models.conversion_type,
        paths.look_back_days,
        paths.path_starts,
        paths.touch_kinds,
        paths.max_path_touches
    from {{ ref('int_model_specifications') }} as models
    inner join {{ ref('int_path_specifications') }} as paths
        on models.specification_id = paths.specification_id
    inner join {{ ref('attribution_models') }} as rules
        on models.model_id = rules.model_id and rules.is_default
),

counted_kinds as (
    select distinct
        touch_kinds,
        max_path_touches
    from specifications
),

touches as (
    select
        customer_key,
        touched_at,
        touch_kind
    from {{ ref('fct_touches') }}
),

-- Few have so many touches at all, and only theirs are looked at.
candidates as (
    select
        touches.customer_key,
        counted_kinds.touch_kinds,
        counted_kinds.max_path_touches
    from touches
    inner join counted_kinds
        on {{ list_holds('counted_kinds.touch_kinds', 'touches.touch_kind') }}
    group by touches.customer_key, counted_kinds.touch_kinds, counted_kinds.max_path_touches
    having count(*) > counted_kinds.max_path_touches
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
        ) as previous_converted_at
    from {{ ref('fct_conversions') }}
    where customer_key in (select candidates.customer_key from candidates)
),

windows as (
    select
        conversions.conversion_id,
        conversions.conversion_type,
        conversions.customer_key,
        conversions.converted_at,
        conversions.converted_on,
        case
            when
                specifications.path_starts = 'previous_conversion'
                and conversions.previous_converted_at
                > conversions.converted_at - specifications.look_back_days * interval '1' day
                then conversions.previous_converted_at
            else conversions.converted_at - specifications.look_back_days * interval '1' day
        end as opened_at,
        specifications.touch_kinds,
        specifications.max_path_touches
    from conversions
    inner join specifications
        on conversions.conversion_type = specifications.conversion_type
    inner join candidates
        on
            conversions.customer_key = candidates.customer_key
            and specifications.touch_kinds = candidates.touch_kinds
            and specifications.max_path_touches = candidates.max_path_touches
),

-- Touches up to an instant, counted once along each customer's line: a join of windows and touches would compare each
-- of a heavy customer's thousand orders with each of a hundred thousand touches.
events as (
    select
        touches.customer_key,
        candidates.touch_kinds,
        touches.touched_at as happened_at,
        1 as touch,
        cast(null as string) as conversion_id,
        0 as side
    from touches
    inner join candidates
        on
            touches.customer_key = candidates.customer_key
            and {{ list_holds('candidates.touch_kinds', 'touches.touch_kind') }}
    union all
    select
        customer_key,
        touch_kinds,
        opened_at,
        0 as touch,
        conversion_id,
        -1 as side
    from windows
    union all
    select
        customer_key,
        touch_kinds,
        converted_at,
        0 as touch,
        conversion_id,
        1 as side
    from windows
),

counted as (
    select
        conversion_id,
        side,
        sum(touch) over (
            partition by customer_key, touch_kinds
            order by happened_at asc, touch desc
            rows between unbounded preceding and current row
        ) as touches_until
    from events
),

held as (
    select
        conversion_id,
        cast(sum(side * touches_until) as bigint) as touches_in_window
    from counted
    where conversion_id is not null
    group by conversion_id
),

truncated as (
    select
        windows.conversion_id,
        windows.conversion_type,
        windows.converted_on,
        held.touches_in_window
    from windows
    inner join held
        on windows.conversion_id = held.conversion_id
    where held.touches_in_window > windows.max_path_touches
)

select * from truncated
