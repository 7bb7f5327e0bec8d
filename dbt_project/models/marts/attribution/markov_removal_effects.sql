-- One row per period, conversion_type, Markov model and channel. Credit shares add up to 1 over the channels of one
-- period, conversion_type and model; nothing else adds up.
with

transitions as (
    select
        *,
        period_grain || ' ' || cast(period_start as string) || ' ' || conversion_type || ' ' || model_id
            as name
    from {{ ref('markov_transitions') }}
),

chains as (
    select
        row_number() over (order by period_grain, period_start, conversion_type, model_id) as chain_id,
        name,
        period_grain,
        period_start,
        conversion_type,
        model_id,
        markov_order,
        {{ divide(
            "sum(case when to_state = '(conversion)' then transitions else 0 end)",
            "sum(case when from_state = '(start)' then transitions end)"
        ) }} as conversion_probability
    from transitions
    group by name, period_grain, period_start, conversion_type, model_id, markov_order
),

-- The state of a conversion is one that is stepped into, too.
visited as (
    select distinct
        chains.chain_id,
        transitions.to_state as state,
        case
            when transitions.to_state <> '(conversion)' then {{ last_channel('transitions.to_state') }}
        end as channel
    from transitions
    inner join chains
        on transitions.name = chains.name
    where transitions.to_state <> '(null)'
    union all
    select
        chain_id,
        '(start)' as state,
        cast(null as string) as channel
    from chains
),

states as (
    select
        chain_id,
        state,
        channel,
        row_number() over (order by chain_id, state) as state_number,
        case
            when channel is not null
                then dense_rank() over (partition by chain_id order by channel nulls last)
        end as channel_number
    from visited
),

channels as (
    select distinct
        chain_id,
        channel,
        channel_number
    from states
    where channel is not null
),

steps as (
    select
        chains.chain_id,
        chains.markov_order,
        origins.state_number as from_state,
        targets.state_number as to_state,
        targets.channel_number as to_channel_number,
        transitions.to_state = '(conversion)' as is_conversion,
        transitions.transitions,
        transitions.probability
    from transitions
    inner join chains
        on transitions.name = chains.name
    inner join states as origins
        on chains.chain_id = origins.chain_id and transitions.from_state = origins.state
    left join states as targets
        on chains.chain_id = targets.chain_id and transitions.to_state = targets.state
),

-- Order 1: the fundamental matrix.
simple_steps as (
    select
        chain_id,
        from_state,
        to_state,
        probability
    from steps
    where markov_order = 1 and to_channel_number is not null
),

visits as (
    select
        matrix.from_state,
        matrix.to_state,
        case
            when matrix.largest_left > 1e-16
                then {{ stop_build("'Markov chain ' || chains.name || ': some paths never end'") }}
            else matrix.visits
        end as visits
    from {{ fundamental_matrix('simple_steps') }} as matrix
    inner join chains
        on matrix.chain_id = chains.chain_id
),

converting as (
    select
        visits.from_state as state,
        {{ exact_sum('visits.visits * steps.probability') }} as conversion_probability
    from visits
    inner join steps
        on visits.to_state = steps.from_state
    where steps.is_conversion
    group by visits.from_state
),

simple as (
    select
        channels.chain_id,
        channels.channel,
        {{ divide('reached.visits', 'returned.visits') }} as reach_probability,
        coalesce(converting.conversion_probability, 0) as conversion_probability,
        {{ divide('reached.visits', 'returned.visits') }}
        * coalesce(converting.conversion_probability, 0) as lost_probability
    from chains
    inner join channels
        on chains.chain_id = channels.chain_id
    inner join states
        on channels.chain_id = states.chain_id and channels.channel_number = states.channel_number
    inner join states as starts
        on channels.chain_id = starts.chain_id and starts.state = '(start)'
    inner join visits as reached
        on starts.state_number = reached.from_state and states.state_number = reached.to_state
    inner join visits as returned
        on states.state_number = returned.from_state and states.state_number = returned.to_state
    left join converting
        on states.state_number = converting.state
    where chains.markov_order = 1
),

-- Higher orders: what still converts without the channel. A state that repeats itself is left in the end: its other
-- steps share what its own would take.
left_steps as (
    select
        chain_id,
        from_state,
        to_state,
        to_channel_number,
        is_conversion,
        {{ divide('transitions', 'sum(transitions) over (partition by from_state)') }} as probability
    from steps
    where markov_order > 1 and (to_state is null or from_state <> to_state)
    union all
    select
        states.chain_id,
        states.state_number as from_state,
        states.state_number as to_state,
        cast(null as bigint) as to_channel_number,
        true as is_conversion,
        1 as probability
    from states
    inner join chains
        on states.chain_id = chains.chain_id
    where chains.markov_order > 1 and states.state = '(conversion)'
),

channel_counts as (
    select
        chain_id,
        count(*) as channels
    from channels
    group by chain_id
),

moving_steps as (
    select
        chains.chain_id,
        channel_counts.channels,
        chains.conversion_probability * 1e-12 as enough,
        left_steps.from_state,
        left_steps.to_state,
        left_steps.to_channel_number,
        starts.state_number is not null as is_first,
        left_steps.is_conversion as is_last,
        left_steps.probability
    from left_steps
    inner join chains
        on left_steps.chain_id = chains.chain_id
    inner join channel_counts
        on left_steps.chain_id = channel_counts.chain_id
    left join states as starts
        on left_steps.from_state = starts.state_number and starts.state = '(start)'
    where left_steps.to_state is not null and chains.conversion_probability > 0
),

removed as (
    select
        removals.chain_id,
        removals.channel_number,
        case
            when removals.mass_left >= chains.conversion_probability * 1e-12
                then {{ stop_build("'Markov chain ' || chains.name || ': some paths do not end in time'") }}
            else removals.conversion_probability
        end as conversion_probability
    from {{ removed_conversion_probabilities('moving_steps') }} as removals
    inner join chains
        on removals.chain_id = chains.chain_id
),

effects as (
    select
        simple.chain_id,
        simple.channel,
        simple.reach_probability,
        simple.conversion_probability,
        {{ divide('simple.lost_probability', 'chains.conversion_probability') }} as removal_effect
    from simple
    inner join chains
        on simple.chain_id = chains.chain_id
    union all
    select
        channels.chain_id,
        channels.channel,
        cast(null as double) as reach_probability,
        cast(null as double) as conversion_probability,
        1 - {{ divide('removed.conversion_probability', 'whole.conversion_probability') }} as removal_effect
    from channels
    inner join removed
        on channels.chain_id = removed.chain_id and channels.channel_number = removed.channel_number
    inner join removed as whole
        on channels.chain_id = whole.chain_id and whole.channel_number = 0
),

-- To the twelfth place: what lies below is what the methods leave.
rounded as (
    select
        channels.chain_id,
        channels.channel,
        round(effects.reach_probability, 12) as reach_probability,
        round(effects.conversion_probability, 12) as conversion_probability,
        round(effects.removal_effect, 12) as removal_effect
    from channels
    left join effects
        on channels.chain_id = effects.chain_id and channels.channel = effects.channel
),

shared as (
    select
        chains.period_grain,
        chains.period_start,
        chains.conversion_type,
        chains.model_id,
        chains.markov_order,
        rounded.channel,
        rounded.removal_effect,
        {{ divide(
            'rounded.removal_effect',
            exact_sum('rounded.removal_effect', 'over (partition by rounded.chain_id)')
        ) }} as credit_share,
        rounded.reach_probability,
        rounded.conversion_probability
    from rounded
    inner join chains
        on rounded.chain_id = chains.chain_id
)

select * from shared
