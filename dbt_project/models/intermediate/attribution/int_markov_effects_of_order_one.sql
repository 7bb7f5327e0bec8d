-- Grain: one row a chain of order 1 and channel: what is lost without it, by the fundamental matrix.
with

chains as (
    select * from {{ ref('int_markov_chains') }}
),

steps as (
    select * from {{ ref('int_markov_steps') }}
    where markov_order = 1
),

channels as (
    select distinct
        chain_id,
        to_state as state,
        to_channel as channel
    from steps
    where to_channel is not null
),

starts as (
    select distinct
        chain_id,
        from_state as state
    from steps
    where is_first
),

passing as (
    select
        chain_id,
        from_state,
        to_state,
        probability
    from steps
    where to_channel is not null
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
    from {{ fundamental_matrix('passing') }} as matrix
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

reached as (
    select
        channels.chain_id,
        channels.channel,
        {{ divide('reached.visits', 'returned.visits') }} as reach_probability,
        coalesce(converting.conversion_probability, 0) as conversion_probability
    from channels
    inner join starts
        on channels.chain_id = starts.chain_id
    inner join visits as reached
        on starts.state = reached.from_state and channels.state = reached.to_state
    inner join visits as returned
        on channels.state = returned.from_state and channels.state = returned.to_state
    left join converting
        on channels.state = converting.state
),

-- To the twelfth place: what lies below is what the sums leave.
effects as (
    select
        reached.chain_id,
        reached.channel,
        round(reached.reach_probability, 12) as reach_probability,
        round(reached.conversion_probability, 12) as conversion_probability,
        round({{ divide(
            'reached.reach_probability * reached.conversion_probability', 'chains.conversion_probability'
        ) }}, 12) as removal_effect
    from reached
    inner join chains
        on reached.chain_id = chains.chain_id
)

select * from effects
