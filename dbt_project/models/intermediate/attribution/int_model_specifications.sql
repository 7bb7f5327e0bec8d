-- Grain: one row a model and a type of conversion that it credits, with the specification of its paths.
with

models as (
    select * from {{ ref('int_attribution_models') }}
),

specifications as (
    select * from {{ ref('int_path_specifications') }}
),

matched as (
    select
        dense_rank() over (order by models.model_id) as model_number,
        models.model_id,
        specifications.conversion_type,
        specifications.specification_id,
        specifications.path_set_id,
        models.family,
        models.family <> 'markov' and not models.is_shadow as is_path_level,
        models.is_shadow,
        models.quality_measure,
        models.markov_order,
        models.position_weights,
        models.anchor_touch_kind,
        models.anchor_weight,
        models.half_life_days,
        models.direct_policy
    from models
    inner join specifications
        on
            models.look_back_days = specifications.look_back_days
            and models.path_starts = specifications.path_starts
            and models.touch_kinds = specifications.touch_kinds
            and models.max_path_touches = specifications.max_path_touches
            and {{ list_holds('models.conversion_types', 'specifications.conversion_type') }}
)

select * from matched
