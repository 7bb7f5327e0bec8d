-- One row per period, conversion_type, Markov model and pair of states. Transitions add up over the states of one
-- model, period_grain and conversion_type; nothing adds up across those, and probabilities add up over to_state only.
with

paths as (
    select * from {{ ref('int_markov_paths') }}
    where path <> ''
),

specifications as (
    select * from {{ ref('int_journey_specifications') }}
),

models as (
    select * from {{ ref('int_model_specifications') }}
    where family = 'markov'
),

orders as (
    select distinct
        specifications.journey_specification_id,
        models.markov_order
    from models
    inner join specifications
        on
            models.specification_id = specifications.specification_id
            and models.direct_policy = specifications.direct_policy
),

steps as (
    select * from {{ path_steps(
        'paths', ['period_grain', 'period_start', 'journey_specification_id', 'conversions', 'nulls']
    ) }}
),

-- Steps of the highest order hold those of the lower ones.
grams as (
    select
        period_grain,
        period_start,
        journey_specification_id,
        previous_3,
        previous_2,
        previous_1,
        next_channel,
        sum(conversions) as conversions,
        sum(nulls) as nulls
    from steps
    group by
        period_grain,
        period_start,
        journey_specification_id,
        previous_3,
        previous_2,
        previous_1,
        next_channel
),

ordered as (
    select
        grams.period_grain,
        grams.period_start,
        grams.journey_specification_id,
        orders.markov_order,
        case
            when grams.previous_1 = '' then '(start)'
            when orders.markov_order = 1 or grams.previous_2 = '' then grams.previous_1
            when orders.markov_order = 2 or grams.previous_3 = ''
                then grams.previous_2 || ' > ' || grams.previous_1
            else grams.previous_3 || ' > ' || grams.previous_2 || ' > ' || grams.previous_1
        end as from_state,
        case
            when grams.next_channel = '' then ''
            when orders.markov_order = 1 or grams.previous_1 = '' then grams.next_channel
            when orders.markov_order = 2 or grams.previous_2 = ''
                then grams.previous_1 || ' > ' || grams.next_channel
            else grams.previous_2 || ' > ' || grams.previous_1 || ' > ' || grams.next_channel
        end as passed_state,
        grams.conversions,
        grams.nulls
    from grams
    inner join orders
        on grams.journey_specification_id = orders.journey_specification_id
),

moves as (
    select
        period_grain,
        period_start,
        journey_specification_id,
        markov_order,
        from_state,
        passed_state as to_state,
        conversions + nulls as transitions
    from ordered
    where passed_state <> ''
    union all
    select
        period_grain,
        period_start,
        journey_specification_id,
        markov_order,
        from_state,
        '(conversion)' as to_state,
        conversions as transitions
    from ordered
    where passed_state = '' and conversions > 0
    union all
    select
        period_grain,
        period_start,
        journey_specification_id,
        markov_order,
        from_state,
        '(null)' as to_state,
        nulls as transitions
    from ordered
    where passed_state = '' and nulls > 0
),

counted as (
    select
        period_grain,
        period_start,
        journey_specification_id,
        markov_order,
        from_state,
        to_state,
        cast(sum(transitions) as bigint) as transitions
    from moves
    group by period_grain, period_start, journey_specification_id, markov_order, from_state, to_state
),

placed as (
    select
        *,
        sum(transitions) over (
            partition by period_grain, period_start, journey_specification_id, markov_order, from_state
        ) as transitions_from_state
    from counted
),

named as (
    select
        placed.period_grain,
        placed.period_start,
        models.conversion_type,
        models.model_id,
        models.markov_order,
        placed.from_state,
        placed.to_state,
        placed.transitions,
        {{ divide('placed.transitions', 'placed.transitions_from_state') }} as probability
    from placed
    inner join specifications
        on placed.journey_specification_id = specifications.journey_specification_id
    inner join models
        on
            specifications.specification_id = models.specification_id
            and specifications.direct_policy = models.direct_policy
            and placed.markov_order = models.markov_order
)

select * from named
