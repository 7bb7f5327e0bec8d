-- One row per period, conversion_type, model_id (the lowest order of the Markov models that share paths) and distinct
-- path of closed journeys. Conversions, nulls and revenue add up over paths; nothing adds up across the other keys.
with

paths as (
    select * from {{ ref('int_markov_paths') }}
    where path <> ''
),

specifications as (
    select * from {{ ref('int_journey_specifications') }}
),

models as (
    select
        specification_id,
        direct_policy,
        markov_order,
        min(model_id) as model_id
    from {{ ref('int_model_specifications') }}
    where family = 'markov'
    group by specification_id, direct_policy, markov_order
),

summary as (
    select
        paths.period_grain,
        paths.period_start,
        specifications.conversion_type,
        models.model_id,
        paths.path,
        {{ path_length('paths.path') }} as path_length,
        paths.conversions,
        paths.nulls,
        paths.revenue,
        {{ divide('paths.hours_to_convert', 'paths.conversions') }} as mean_hours_to_convert,
        cast(paths.median_hours_to_convert as double) as median_hours_to_convert
    from paths
    inner join specifications
        on paths.journey_specification_id = specifications.journey_specification_id
    inner join models
        on
            specifications.specification_id = models.specification_id
            and specifications.direct_policy = models.direct_policy
            and specifications.lowest_order = models.markov_order
)

select * from summary
