-- Grain: one row a set of paths and occasion (an order, or a milestone's touch): the range of touches on its path.
with

specifications as (
    select * from {{ ref('int_path_specifications') }}
    where is_path_level
),

followed as (
    select
        conversion_type,
        occasion_number,
        customer_number,
        converted_at,
        is_computed,
        lag(converted_at) over (
            partition by customer_number, conversion_type order by converted_at, conversion_id
        ) as previous_converted_at
    from {{ ref('int_conversions_numbered') }}
),

touches as (
    select * from {{ ref('int_touches_numbered') }}
),

reached_back as (
    select distinct
        specifications.path_set_id,
        specifications.kind_set_id,
        specifications.max_path_touches,
        followed.occasion_number,
        followed.customer_number,
        case
            when
                specifications.path_starts = 'previous_conversion'
                and followed.previous_converted_at
                > followed.converted_at - specifications.look_back_days * interval '1' day
                then followed.previous_converted_at
            else followed.converted_at - specifications.look_back_days * interval '1' day
        end as opened_at,
        followed.converted_at
    from followed
    inner join specifications
        on followed.conversion_type = specifications.conversion_type
    where followed.is_computed
),

windows as (
    select
        row_number() over (order by occasion_number, path_set_id) as path_id,
        path_set_id,
        kind_set_id,
        max_path_touches,
        occasion_number,
        customer_number,
        opened_at,
        converted_at
    from reached_back
),

-- A touch at the instant at which a window opens is before it, one at that of the conversion in it: touches come first.
events as (
    select
        kind_set_id,
        customer_number,
        touched_at as happened_at,
        0 as edge,
        cast(null as bigint) as path_id,
        touch_number,
        other_number,
        touched_at,
        case when not is_direct then touched_at end as other_touched_at
    from touches
    union all
    select
        windows.kind_set_id,
        windows.customer_number,
        case when edges.edge = 1 then windows.opened_at else windows.converted_at end as happened_at,
        edges.edge,
        windows.path_id,
        0 as touch_number,
        0 as other_number,
        cast(null as timestamp) as touched_at,
        cast(null as timestamp) as other_touched_at
    from windows
    cross join (select {{ each_number('1', '2') }} as edge) as edges
),

passed as (
    select
        path_id,
        edge,
        max(touch_number) over (
            partition by kind_set_id, customer_number order by happened_at, edge
            rows between unbounded preceding and current row
        ) as touch_number,
        max(other_number) over (
            partition by kind_set_id, customer_number order by happened_at, edge
            rows between unbounded preceding and current row
        ) as other_number,
        max(touched_at) over (
            partition by kind_set_id, customer_number order by happened_at, edge
            rows between unbounded preceding and current row
        ) as touched_at,
        max(other_touched_at) over (
            partition by kind_set_id, customer_number order by happened_at, edge
            rows between unbounded preceding and current row
        ) as other_touched_at
    from events
),

edges as (
    select
        path_id,
        max(case when edge = 1 then touch_number end) as touches_before,
        max(case when edge = 1 then other_number end) as others_before,
        max(case when edge = 2 then touch_number end) as last_number,
        max(case when edge = 2 then other_number end) as last_other_number,
        max(case when edge = 2 then touched_at end) as last_touched_at,
        max(case when edge = 2 then other_touched_at end) as last_other_touched_at
    from passed
    where edge > 0
    group by path_id
),

cut as (
    select
        windows.path_id,
        windows.path_set_id,
        windows.kind_set_id,
        windows.occasion_number,
        windows.customer_number,
        case
            when edges.last_number - edges.touches_before > windows.max_path_touches
                then edges.last_number - windows.max_path_touches
            else edges.touches_before
        end as number_before,
        edges.touches_before,
        edges.others_before,
        edges.last_number,
        edges.last_other_number,
        edges.last_touched_at,
        edges.last_other_touched_at
    from windows
    inner join edges
        on windows.path_id = edges.path_id
),

counted as (
    select
        cut.path_id,
        cut.path_set_id,
        cut.kind_set_id,
        cut.occasion_number,
        cut.customer_number,
        cut.number_before,
        coalesce(touches.other_number, cut.others_before) as other_number_before,
        cut.last_number - cut.number_before as path_length,
        cut.last_other_number - coalesce(touches.other_number, cut.others_before) as other_path_length,
        cut.last_touched_at,
        cut.last_other_touched_at,
        cut.number_before > cut.touches_before as is_truncated
    from cut
    left join touches
        on
            cut.number_before > cut.touches_before
            and cut.kind_set_id = touches.kind_set_id
            and cut.customer_number = touches.customer_number
            and cut.number_before = touches.touch_number
)

select * from counted
