-- Grain: one row a specification and conversion: the window in which a touch is on the conversion's path.
with

specifications as (
    select * from {{ ref('int_path_specifications') }}
    where is_path_level
),

conversions as (
    select
        conversion_id,
        conversion_type,
        customer_key,
        converted_at,
        lag(converted_at) over (
            partition by customer_key, conversion_type order by converted_at, conversion_id
        ) as previous_converted_at
    from {{ ref('fct_conversions') }}
),

reached_back as (
    select
        specifications.specification_id,
        specifications.path_starts,
        conversions.conversion_id,
        conversions.customer_key,
        conversions.converted_at,
        conversions.converted_at - specifications.look_back_days * interval '1' day as looked_back_at,
        conversions.previous_converted_at
    from conversions
    inner join specifications
        on conversions.conversion_type = specifications.conversion_type
),

windows as (
    select
        row_number() over (order by specification_id, conversion_id) as path_id,
        specification_id,
        conversion_id,
        customer_key,
        case
            when path_starts = 'previous_conversion' and previous_converted_at > looked_back_at
                then previous_converted_at
            else looked_back_at
        end as opened_at,
        converted_at
    from reached_back
)

select * from windows
