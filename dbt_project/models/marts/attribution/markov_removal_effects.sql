-- One row per period, conversion_type, Markov model and channel. Credit shares add up to 1 over the channels of one
-- period, conversion_type and model; nothing else adds up.
with

chains as (
    select * from {{ ref('int_markov_chains') }}
),

channels as (
    select distinct
        chain_id,
        to_channel as channel
    from {{ ref('int_markov_steps') }}
    where to_channel is not null
),

effects as (
    select
        chain_id,
        channel,
        removal_effect,
        reach_probability,
        conversion_probability
    from {{ ref('int_markov_effects_of_order_one') }}
    union all
    select
        chain_id,
        channel,
        removal_effect,
        cast(null as double) as reach_probability,
        cast(null as double) as conversion_probability
    from {{ ref('int_markov_effects_of_higher_order') }}
),

removed as (
    select
        channels.chain_id,
        channels.channel,
        effects.removal_effect,
        effects.reach_probability,
        effects.conversion_probability
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
        removed.channel,
        removed.removal_effect,
        {{ divide(
            'removed.removal_effect',
            exact_sum('removed.removal_effect', 'over (partition by removed.chain_id)')
        ) }} as credit_share,
        removed.reach_probability,
        removed.conversion_probability
    from removed
    inner join chains
        on removed.chain_id = chains.chain_id
)

select * from shared
