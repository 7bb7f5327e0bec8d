-- Grain: one row a journey specification, quarter, order, states before and state after that customers held out went
-- through: how often they did, and all that the other customers say of it.
with

specifications as (
    select
        journey_specification_id,
        look_back_days
    from {{ ref('int_journey_specifications') }}
),

-- Those that Markov models count: a null journey once no touch could still join it.
journeys as (
    select
        journeys.journey_specification_id,
        {{ period_start('quarter', 'journeys.ended_on') }} as quarter_start,
        {{ tie_hash('journeys.customer_key') }} % {{ var('held_out_one_in') }} = 0 as is_held_out,
        journeys.path,
        journeys.is_converting
    from {{ ref('int_journeys') }} as journeys
    inner join specifications
        on journeys.journey_specification_id = specifications.journey_specification_id
    where
        journeys.path <> ''
        and (
            journeys.is_converting
            or journeys.ended_at + specifications.look_back_days * interval '1' day < {{ as_of() }}
        )
),

paths as (
    select
        journey_specification_id,
        quarter_start,
        path,
        is_converting,
        count(case when is_held_out then 1 end) as held_out,
        count(case when not is_held_out then 1 end) as learnt
    from journeys
    group by journey_specification_id, quarter_start, path, is_converting
),

steps as (
    select *
    from ({{ path_steps(
        'paths', ['journey_specification_id', 'quarter_start', 'is_converting', 'held_out', 'learnt']
    ) }})
),

named as (
    select
        journey_specification_id,
        quarter_start,
        previous_3,
        previous_2,
        previous_1,
        case
            when next_channel <> '' then next_channel
            when is_converting then '(conversion)'
            else '(null)'
        end as state,
        held_out,
        learnt
    from steps
),

counted as (
    select
        journey_specification_id,
        quarter_start,
        previous_3,
        previous_2,
        previous_1,
        state,
        sum(held_out) as held_out,
        sum(learnt) as learnt
    from named
    group by journey_specification_id, quarter_start, previous_3, previous_2, previous_1, state
),

by_order as (
    select
        journey_specification_id,
        quarter_start,
        1 as markov_order,
        previous_1 as states_before,
        '' as fewer_states_before,
        state,
        held_out,
        learnt
    from counted
    union all
    select
        journey_specification_id,
        quarter_start,
        2 as markov_order,
        previous_2 || ' > ' || previous_1 as states_before,
        previous_1 as fewer_states_before,
        state,
        held_out,
        learnt
    from counted
    union all
    select
        journey_specification_id,
        quarter_start,
        3 as markov_order,
        previous_3 || ' > ' || previous_2 || ' > ' || previous_1 as states_before,
        previous_2 || ' > ' || previous_1 as fewer_states_before,
        state,
        held_out,
        learnt
    from counted
),

summed as (
    select
        journey_specification_id,
        quarter_start,
        markov_order,
        states_before,
        fewer_states_before,
        state,
        sum(held_out) as held_out,
        sum(learnt) as learnt
    from by_order
    group by
        journey_specification_id,
        quarter_start,
        markov_order,
        states_before,
        fewer_states_before,
        state
),

contexts as (
    select
        journey_specification_id,
        quarter_start,
        markov_order,
        states_before,
        sum(learnt) as learnt_from_states,
        count(case when learnt > 0 then 1 end) as learnt_states
    from summed
    group by journey_specification_id, quarter_start, markov_order, states_before
),

alphabets as (
    select
        journey_specification_id,
        quarter_start,
        count(distinct state) as states
    from summed
    where markov_order = 1
    group by journey_specification_id, quarter_start
),

foretold as (
    select
        summed.journey_specification_id,
        summed.quarter_start,
        summed.markov_order,
        summed.states_before,
        summed.fewer_states_before,
        summed.state,
        cast(summed.held_out as bigint) as held_out,
        cast(summed.learnt as bigint) as learnt,
        cast(contexts.learnt_from_states as bigint) as learnt_from_states,
        cast(contexts.learnt_states as bigint) as learnt_states,
        cast(alphabets.states as bigint) as states
    from summed
    inner join contexts
        on
            summed.journey_specification_id = contexts.journey_specification_id
            and summed.quarter_start = contexts.quarter_start
            and summed.markov_order = contexts.markov_order
            and summed.states_before = contexts.states_before
    inner join alphabets
        on
            summed.journey_specification_id = alphabets.journey_specification_id
            and summed.quarter_start = alphabets.quarter_start
    where summed.held_out > 0
)

select * from foretold
