-- Grain: one row a model of family position, length of path (at most its number of weights) and slot on the path, with
-- the weight that the slot takes. A longer path fills the slots of one as long as the list.
with

models as (
    select
        model_number,
        position_weights,
        length(position_weights) - length(replace(position_weights, '|', '')) + 1 as weight_count
    from {{ ref('int_model_specifications') }}
    where family = 'position'
),

lengths as (
    select
        model_number,
        position_weights,
        weight_count,
        {{ each_number('1', 'weight_count') }} as slot_count
    from models
),

slots as (
    select
        model_number,
        position_weights,
        weight_count,
        slot_count,
        {{ each_number('1', 'slot_count') }} as slot
    from lengths
),

-- The first half of a path, the larger one, takes the list's first weights, the rest its last ones.
weighed as (
    select
        model_number,
        weight_count,
        slot_count,
        slot,
        cast(split_part(
            position_weights,
            '|',
            cast(case when slot <= (slot_count + 1) / 2 then slot else weight_count - slot_count + slot end as int)
        ) as decimal(9, 6)) as weight
    from slots
),

summed as (
    select
        model_number,
        cast((weight_count - weight_count % 2) / 2 as bigint) as end_count,
        cast(slot_count as bigint) as slot_count,
        cast(slot as bigint) as slot,
        weight,
        sum(weight) over (partition by model_number, slot_count) = 0 as is_without_weight
    from weighed
)

select * from summed
