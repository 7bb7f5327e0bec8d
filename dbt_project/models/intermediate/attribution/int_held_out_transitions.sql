-- Grain: one row a journey specification, quarter, fold of customers, order, states before and state after: how often it
-- happened in the fold, and all that the other folds say of it.
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
        {{ tie_hash('journeys.customer_key') }} % {{ var('held_out_folds') }} as fold,
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
        fold,
        path,
        is_converting,
        count(*) as journeys
    from journeys
    group by journey_specification_id, quarter_start, fold, path, is_converting
),

steps as (
    select *
    from ({{ path_steps(
        'paths', ['journey_specification_id', 'quarter_start', 'fold', 'is_converting', 'journeys']
    ) }})
),

counted as (
    select
        journey_specification_id,
        quarter_start,
        fold,
        previous_3,
        previous_2,
        previous_1,
        case
            when next_channel <> '' then next_channel
            when is_converting then '(conversion)'
            else '(null)'
        end as state,
        sum(journeys) as transitions
    from steps
    group by
        journey_specification_id,
        quarter_start,
        fold,
        previous_3,
        previous_2,
        previous_1,
        case
            when next_channel <> '' then next_channel
            when is_converting then '(conversion)'
            else '(null)'
        end
),

by_order as (
    select
        journey_specification_id,
        quarter_start,
        fold,
        1 as markov_order,
        previous_1 as states_before,
        '' as fewer_states_before,
        state,
        transitions
    from counted
    union all
    select
        journey_specification_id,
        quarter_start,
        fold,
        2 as markov_order,
        previous_2 || ' > ' || previous_1 as states_before,
        previous_1 as fewer_states_before,
        state,
        transitions
    from counted
    union all
    select
        journey_specification_id,
        quarter_start,
        fold,
        3 as markov_order,
        previous_3 || ' > ' || previous_2 || ' > ' || previous_1 as states_before,
        previous_2 || ' > ' || previous_1 as fewer_states_before,
        state,
        transitions
    from counted
),

summed as (
    select
        journey_specification_id,
        quarter_start,
        fold,
        markov_order,
        states_before,
        fewer_states_before,
        state,
        sum(transitions) as own
    from by_order
    group by
        journey_specification_id,
        quarter_start,
        fold,
        markov_order,
        states_before,
        fewer_states_before,
        state
),

folded as (
    select
        journey_specification_id,
        quarter_start,
        fold,
        markov_order,
        states_before,
        fewer_states_before,
        state,
        own,
        sum(own) over (
            partition by journey_specification_id, quarter_start, markov_order, states_before, state
        ) as all_folds
    from summed
),

everywhere as (
    select
        journey_specification_id,
        quarter_start,
        markov_order,
        states_before,
        sum(own) as transitions,
        count(distinct state) as states
    from folded
    group by journey_specification_id, quarter_start, markov_order, states_before
),

-- What is left of the states that follow once the fold's own transitions are taken away.
own_states as (
    select
        journey_specification_id,
        quarter_start,
        fold,
        markov_order,
        states_before,
        sum(own) as transitions,
        sum(case when own = all_folds then 1 else 0 end) as states_of_its_own
    from folded
    group by journey_specification_id, quarter_start, fold, markov_order, states_before
),

left_out as (
    select
        folded.journey_specification_id,
        folded.quarter_start,
        folded.fold,
        folded.markov_order,
        folded.states_before,
        folded.fewer_states_before,
        folded.state,
        cast(folded.own as bigint) as held_out,
        cast(folded.all_folds - folded.own as bigint) as learnt,
        cast(everywhere.transitions - own_states.transitions as bigint) as learnt_from_states,
        cast(everywhere.states - own_states.states_of_its_own as bigint) as learnt_states
    from folded
    inner join everywhere
        on
            folded.journey_specification_id = everywhere.journey_specification_id
            and folded.quarter_start = everywhere.quarter_start
            and folded.markov_order = everywhere.markov_order
            and folded.states_before = everywhere.states_before
    inner join own_states
        on
            folded.journey_specification_id = own_states.journey_specification_id
            and folded.quarter_start = own_states.quarter_start
            and folded.fold = own_states.fold
            and folded.markov_order = own_states.markov_order
            and folded.states_before = own_states.states_before
)

select * from left_out
