-- Grain: one row a chain and pair of states, those that end included; states are numbered across chains.
with

chains as (
    select * from {{ ref('int_markov_chains') }}
),

transitions as (
    select
        chains.chain_id,
        chains.markov_order,
        transitions.from_state,
        transitions.to_state,
        transitions.transitions,
        transitions.probability
    from {{ ref('markov_transitions') }} as transitions
    inner join chains
        on
            transitions.period_grain = chains.period_grain
            and transitions.period_start = chains.period_start
            and transitions.conversion_type = chains.conversion_type
            and transitions.model_id = chains.model_id
),

-- Every state but the start is stepped into.
entered as (
    select distinct
        chain_id,
        to_state as state,
        case
            when to_state not in ('(conversion)', '(null)') then {{ last_channel('to_state') }}
        end as channel
    from transitions
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
    from entered
),

steps as (
    select
        transitions.chain_id,
        transitions.markov_order,
        origins.state_number as from_state,
        targets.state_number as to_state,
        targets.channel as to_channel,
        targets.channel_number as to_channel_number,
        transitions.from_state = '(start)' as is_first,
        transitions.to_state = '(conversion)' as is_conversion,
        transitions.transitions,
        transitions.probability
    from transitions
    inner join states as origins
        on transitions.chain_id = origins.chain_id and transitions.from_state = origins.state
    inner join states as targets
        on transitions.chain_id = targets.chain_id and transitions.to_state = targets.state
)

select * from steps
