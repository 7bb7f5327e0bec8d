-- Grain: one row a model of family position, number of slots (touches of a path, at most the number of weights) and
-- slot, with the weight that the slot takes; slot 0 is that of touches that take none.
with

models as (
    select distinct
        model_number,
        position_weights,
        length(position_weights) - length(replace(position_weights, '|', '')) + 1 as weight_count
    from {{ ref('int_model_specifications') }}
    where family = 'position'
),

counts as (
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
        {{ each_number('0', 'slot_count') }} as slot
    from counts
),

-- The first half of a path, the larger one, takes the list's first weights, the rest its last ones.
placed as (
    select
        model_number,
        position_weights,
        weight_count,
        slot_count,
        slot,
        case when slot <= (slot_count + 1) / 2 then slot else weight_count - slot_count + slot end as place,
        weight_count % 2 = 1 and slot_count = weight_count and slot = (slot_count + 1) / 2 as is_middle
    from slots
),

weighed as (
    select
        model_number,
        weight_count,
        slot_count,
        slot,
        is_middle,
        case
            when slot = 0 then 0
            else cast(split_part(position_weights, '|', cast(place as int)) as decimal(9, 6))
        end as weight
    from placed
),

summed as (
    select
        model_number,
        cast(weight_count as bigint) as weight_count,
        cast(floor(weight_count / 2) as bigint) as end_count,
        cast(slot_count as bigint) as slot_count,
        cast(slot as bigint) as slot,
        weight,
        sum(case when is_middle then 0 else weight end) over (
            partition by model_number, slot_count
        ) as end_weight,
        sum(case when is_middle then weight else 0 end) over (
            partition by model_number, slot_count
        ) as middle_weight
    from weighed
)

select * from summed
