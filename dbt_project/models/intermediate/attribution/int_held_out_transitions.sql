-- Grain: one row a specification of Markov models, quarter, fold of customers, order, states before and state after: how
-- often it happened in the fold, and all that the other folds say of it.
with

specifications as (
    select
        specification_id,
        look_back_days
    from {{ ref('int_path_specifications') }}
    where is_population
),

-- A null journey counts once no touch could still join it.
journeys as (
    select
        journeys.specification_id,
        {{ period_start('quarter', business_day('journeys.ended_at')) }} as quarter_start,
        {{ tie_hash('journeys.customer_key') }} % {{ var('held_out_folds') }} as fold,
        journeys.path,
        journeys.is_converting,
        count(*) as journeys
    from {{ ref('int_journeys') }} as journeys
    inner join specifications
        on journeys.specification_id = specifications.specification_id
    where
        journeys.touch_count > 0
        and (
            journeys.is_converting
            or journeys.ended_at + specifications.look_back_days * interval '1' day < {{ as_of() }}
        )
    group by
        journeys.specification_id,
        {{ period_start('quarter', business_day('journeys.ended_at')) }},
        {{ tie_hash('journeys.customer_key') }} % {{ var('held_out_folds') }},
        journeys.path,
        journeys.is_converting
),

numbered as (
    select
        row_number() over (
            order by specification_id, quarter_start, fold, path, is_converting
        ) as path_number,
        *
    from journeys
),

exploded as (
    select
        path_number,
        {{ path_steps('path') }}
    from numbered
),

states as (
    select
        path_number,
        step,
        channel as state
    from exploded
    union all
    select
        numbered.path_number,
        max(exploded.step) + 1 as step,
        case when numbered.is_converting then '(conversion)' else '(null)' end as state
    from numbered
    inner join exploded
        on numbered.path_number = exploded.path_number
    group by numbered.path_number, numbered.is_converting
),

followed as (
    select
        path_number,
        state,
        lag(state, 1, '(start)') over (partition by path_number order by step) as state_1,
        lag(state, 2, '(start)') over (partition by path_number order by step) as state_2,
        lag(state, 3, '(start)') over (partition by path_number order by step) as state_3
    from states
),

counted as (
    select
        numbered.specification_id,
        numbered.quarter_start,
        numbered.fold,
        followed.state_1,
        followed.state_2,
        followed.state_3,
        followed.state,
        sum(numbered.journeys) as transitions
    from followed
    inner join numbered
        on followed.path_number = numbered.path_number
    group by
        numbered.specification_id,
        numbered.quarter_start,
        numbered.fold,
        followed.state_1,
        followed.state_2,
        followed.state_3,
        followed.state
),

by_order as (
    select
        specification_id,
        quarter_start,
        fold,
        1 as markov_order,
        state_1 as states_before,
        '' as fewer_states_before,
        state,
        transitions
    from counted
    union all
    select
        specification_id,
        quarter_start,
        fold,
        2 as markov_order,
        state_2 || ' > ' || state_1 as states_before,
        state_1 as fewer_states_before,
        state,
        transitions
    from counted
    union all
    select
        specification_id,
        quarter_start,
        fold,
        3 as markov_order,
        state_3 || ' > ' || state_2 || ' > ' || state_1 as states_before,
        state_2 || ' > ' || state_1 as fewer_states_before,
        state,
        transitions
    from counted
),

summed as (
    select
        specification_id,
        quarter_start,
        fold,
        markov_order,
        states_before,
        fewer_states_before,
        state,
        sum(transitions) as own
    from by_order
    group by
        specification_id,
        quarter_start,
        fold,
        markov_order,
        states_before,
        fewer_states_before,
        state
),

folded as (
    select
        specification_id,
        quarter_start,
        fold,
        markov_order,
        states_before,
        fewer_states_before,
        state,
        own,
        sum(own) over (
            partition by specification_id, quarter_start, markov_order, states_before, state
        ) as all_folds
    from summed
),

everywhere as (
    select
        specification_id,
        quarter_start,
        markov_order,
        states_before,
        sum(own) as transitions,
        count(distinct state) as states
    from folded
    group by specification_id, quarter_start, markov_order, states_before
),

-- What is left of the states that follow once the fold's own transitions are taken away.
own_states as (
    select
        specification_id,
        quarter_start,
        fold,
        markov_order,
        states_before,
        sum(own) as transitions,
        sum(case when own = all_folds then 1 else 0 end) as states_of_its_own
    from folded
    group by specification_id, quarter_start, fold, markov_order, states_before
),

left_out as (
    select
        folded.specification_id,
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
            folded.specification_id = everywhere.specification_id
            and folded.quarter_start = everywhere.quarter_start
            and folded.markov_order = everywhere.markov_order
            and folded.states_before = everywhere.states_before
    inner join own_states
        on
            folded.specification_id = own_states.specification_id
            and folded.quarter_start = own_states.quarter_start
            and folded.fold = own_states.fold
            and folded.markov_order = own_states.markov_order
            and folded.states_before = own_states.states_before
)

select * from left_out
