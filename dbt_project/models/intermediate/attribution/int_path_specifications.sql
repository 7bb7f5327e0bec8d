-- Grain: one row a distinct way in which models build paths to a type of conversion; models share paths through it.
with

models as (
    select * from {{ ref('int_attribution_models') }}
),

types as (
    select * from {{ ref('conversion_types') }}
),

specifications as (
    select
        types.conversion_type,
        models.look_back_days,
        models.path_starts,
        models.touch_kinds,
        models.max_path_touches,
        max(case when models.family <> 'markov' then 1 else 0 end) = 1 as is_path_level,
        max(case when models.family = 'markov' then 1 else 0 end) = 1 as is_population
    from models
    inner join types
        on {{ list_holds('models.conversion_types', 'types.conversion_type') }}
    group by
        types.conversion_type,
        models.look_back_days,
        models.path_starts,
        models.touch_kinds,
        models.max_path_touches
),

numbered as (
    select
        row_number() over (
            order by conversion_type, look_back_days, path_starts, touch_kinds, max_path_touches
        ) as specification_id,
        -- Where paths start at the look-back, an order has one path to all its types.
        dense_rank() over (
            order by
                look_back_days,
                path_starts,
                touch_kinds,
                max_path_touches,
                case when path_starts = 'previous_conversion' then conversion_type else '' end
        ) as path_set_id,
        dense_rank() over (order by touch_kinds) as kind_set_id,
        conversion_type,
        look_back_days,
        path_starts,
        touch_kinds,
        max_path_touches,
        is_path_level,
        is_population
    from specifications
)

select * from numbered
