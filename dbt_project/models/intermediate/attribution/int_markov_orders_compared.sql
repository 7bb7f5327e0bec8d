-- Grain: one row a journey specification, quarter and order: how well chains of the order foretell the transitions of
-- customers on whom they were not learnt.
with

transitions as (
    select * from {{ ref('int_held_out_transitions') }}
),

-- Witten and Bell: as much weight goes to the lower order as other states were ever seen to follow. So what was never
-- seen still has a probability, and those of a state sum to 1 whatever the order.
weighed as (
    select
        journey_specification_id,
        quarter_start,
        markov_order,
        states_before,
        fewer_states_before,
        state,
        states,
        held_out,
        coalesce({{ divide('learnt', 'learnt_from_states + learnt_states') }}, 0) as seen_share,
        coalesce({{ divide('learnt_states', 'learnt_from_states + learnt_states') }}, 1) as lower_weight
    from transitions
),

first_order as (
    select
        journey_specification_id,
        quarter_start,
        markov_order,
        states_before,
        state,
        held_out,
        seen_share + lower_weight * {{ divide(1, 'states') }} as probability
    from weighed
    where markov_order = 1
),

second_order as (
    {{ higher_order_probabilities('weighed', 'first_order', 2) }}
),

third_order as (
    {{ higher_order_probabilities('weighed', 'second_order', 3) }}
),

orders as (
    select * from first_order
    union all
    select * from second_order
    union all
    select * from third_order
),

summed as (
    select
        journey_specification_id,
        quarter_start,
        markov_order,
        cast(sum(held_out) as bigint) as transitions,
        {{ exact_sum('held_out * ln(probability)') }} as log_likelihood
    from orders
    group by journey_specification_id, quarter_start, markov_order
),

averaged as (
    select
        journey_specification_id,
        quarter_start,
        markov_order,
        transitions,
        {{ divide('log_likelihood', 'transitions') }} as log_likelihood
    from summed
),

chosen as (
    select
        journey_specification_id,
        quarter_start,
        markov_order,
        transitions,
        log_likelihood,
        row_number() over (
            partition by journey_specification_id, quarter_start
            order by log_likelihood desc, markov_order asc
        ) = 1 as is_chosen
    from averaged
)

select * from chosen
