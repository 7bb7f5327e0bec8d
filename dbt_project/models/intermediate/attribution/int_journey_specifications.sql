-- Grain: one row a distinct way in which Markov models build journeys; models share journeys through it.
with

models as (
    select
        specification_id,
        direct_policy,
        min(markov_order) as lowest_order
    from {{ ref('int_model_specifications') }}
    where family = 'markov'
    group by specification_id, direct_policy
),

specifications as (
    select * from {{ ref('int_path_specifications') }}
),

types as (
    select * from {{ ref('conversion_types') }}
),

described as (
    select
        row_number() over (
            order by models.specification_id, models.direct_policy
        ) as journey_specification_id,
        models.specification_id,
        models.direct_policy,
        specifications.conversion_type,
        specifications.look_back_days,
        specifications.touch_kinds,
        specifications.max_path_touches,
        types.kind = 'first_order' as ends_at_first_order,
        types.kind = 'repeat_order' as begins_after_first_order,
        types.kind = 'touch' and types.counts = 'first_per_customer' as ends_at_first_conversion,
        models.lowest_order
    from models
    inner join specifications
        on models.specification_id = specifications.specification_id
    inner join types
        on specifications.conversion_type = types.conversion_type
)

select * from described
