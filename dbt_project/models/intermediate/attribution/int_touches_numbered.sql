-- Grain: one row a set of touch kinds and counted touch of a customer whose credits this build computes, numbered by
-- time: a path is a range of these numbers.
with

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

customers as (
    select distinct
        customer_key,
        customer_number
    from {{ ref('int_conversions_numbered') }}
    where is_computed
),

channels as (
    select
        channel,
        row_number() over (order by channel) as channel_number
    from (select distinct channel from touches) as names
),

kind_sets as (
    select distinct
        specifications.kind_set_id,
        kinds.touch_kind
    from {{ ref('int_path_specifications') }} as specifications
    inner join (select distinct touch_kind from touches) as kinds
        on {{ list_holds('specifications.touch_kinds', 'kinds.touch_kind') }}
    where specifications.is_path_level
),

counted as (
    select
        kind_sets.kind_set_id,
        customers.customer_number,
        touches.touch_id,
        touches.touched_at,
        touches.touch_kind,
        channels.channel_number,
        touches.is_direct
    from touches
    inner join customers
        on touches.customer_key = customers.customer_key
    inner join kind_sets
        on touches.touch_kind = kind_sets.touch_kind
    inner join channels
        on touches.channel = channels.channel
),

numbered as (
    select
        kind_set_id,
        customer_number,
        row_number() over (
            partition by kind_set_id, customer_number order by touched_at, touch_id
        ) as touch_number,
        cast(sum(case when is_direct then 0 else 1 end) over (
            partition by kind_set_id, customer_number order by touched_at, touch_id
            rows between unbounded preceding and current row
        ) as bigint) as other_number,
        touch_id,
        touched_at,
        touch_kind,
        channel_number,
        is_direct
    from counted
)

select * from numbered
