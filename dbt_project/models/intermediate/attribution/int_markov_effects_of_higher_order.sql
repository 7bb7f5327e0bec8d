-- Grain: one row a converting chain of order 2 or 3 and channel: what is lost without it, by sparse iteration.
with

chains as (
    select * from {{ ref('int_markov_chains') }}
    where markov_order > 1 and conversion_probability > 0
),

steps as (
    select * from {{ ref('int_markov_steps') }}
    where markov_order > 1
),

channels as (
    select distinct
        chain_id,
        to_channel as channel,
        to_channel_number as channel_number
    from steps
    where to_channel is not null
),

channel_counts as (
    select
        chain_id,
        count(*) as channels
    from channels
    group by chain_id
),

-- A state that repeats itself is left in the end: its other steps share what its own would take.
left_for_good as (
    select
        chain_id,
        from_state,
        to_state,
        to_channel,
        to_channel_number,
        is_first,
        is_conversion,
        {{ divide('transitions', 'sum(transitions) over (partition by from_state)') }} as probability
    from steps
    where from_state <> to_state
),

-- What has converted stays there; what is lost is not followed.
followed as (
    select
        chain_id,
        from_state,
        to_state,
        to_channel_number,
        is_first,
        is_conversion,
        probability
    from left_for_good
    where is_conversion or to_channel is not null
    union all
    select distinct
        chain_id,
        to_state as from_state,
        to_state,
        cast(null as bigint) as to_channel_number,
        false as is_first,
        true as is_conversion,
        1 as probability
    from steps
    where is_conversion
),

moving_steps as (
    select
        chains.chain_id,
        channel_counts.channels,
        chains.conversion_probability * 1e-12 as enough,
        followed.from_state,
        followed.to_state,
        followed.to_channel_number,
        followed.is_first,
        followed.is_conversion as is_last,
        followed.probability
    from followed
    inner join chains
        on followed.chain_id = chains.chain_id
    inner join channel_counts
        on followed.chain_id = channel_counts.chain_id
),

removals as (
    select
        removals.chain_id,
        removals.channel_number,
        case
            when removals.error >= chains.conversion_probability * 1e-12
                then {{ stop_build("'Markov chain ' || chains.name || ': some paths do not end in time'") }}
            else removals.conversion_probability
        end as conversion_probability
    from {{ removed_conversion_probabilities('moving_steps') }} as removals
    inner join chains
        on removals.chain_id = chains.chain_id
),

-- To the twelfth place: what lies below is what the iteration leaves.
effects as (
    select
        channels.chain_id,
        channels.channel,
        round(1 - {{ divide(
            'removals.conversion_probability', 'none_removed.conversion_probability'
        ) }}, 12) as removal_effect
    from channels
    inner join removals
        on channels.chain_id = removals.chain_id and channels.channel_number = removals.channel_number
    inner join removals as none_removed
        on channels.chain_id = none_removed.chain_id and none_removed.channel_number = 0
)

select * from effects
