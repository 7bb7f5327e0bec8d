-- Grain: one row a model, path and touch that the model gives any weight.
with

paths as (
    select * from {{ ref('int_conversion_paths') }}
),

models as (
    select * from {{ ref('int_model_specifications') }}
),

candidates as (
    select
        models.model_number,
        models.family,
        models.first_weight,
        models.middle_weight,
        models.last_weight,
        models.half_life_days,
        models.direct_policy = 'keep'
        or (models.direct_policy = 'drop_if_other' and paths.other_path_length = 0) as counts_direct,
        paths.path_id,
        paths.place_from_end,
        paths.path_length,
        paths.last_seconds_to_conversion,
        paths.is_direct,
        paths.other_place_from_end,
        paths.other_path_length,
        paths.last_other_seconds_to_conversion,
        paths.seconds_to_conversion,
        paths.tie_hash
    from paths
    inner join models
        on paths.specification_id = models.specification_id
),

counted as (
    select
        model_number,
        family,
        first_weight,
        middle_weight,
        last_weight,
        half_life_days,
        path_id,
        place_from_end,
        tie_hash,
        case
            when counts_direct then path_length - place_from_end + 1
            else other_path_length - other_place_from_end + 1
        end as position,
        case when counts_direct then path_length else other_path_length end as path_length,
        (
            seconds_to_conversion
            - case
                when counts_direct then last_seconds_to_conversion
                else last_other_seconds_to_conversion
            end
        ) / 86400 as days_before_last_touch
    from candidates
    where counts_direct or not is_direct
),

-- In whole millionths of a millionth: a sum of integers does not depend on the order that rows come in.
weighted as (
    select
        model_number,
        path_id,
        place_from_end,
        tie_hash,
        position,
        path_length,
        cast(round({{ touch_weight() }} * 1000000000000) as bigint) as weight
    from counted
),

weighty as (
    select * from weighted
    where weight > 0
)

select * from weighty
