{#
    Removal effects of Markov chains. A chain's transitions are those of states; a state of order k is the last k
    channels. Removing a channel sends every step into it to null, since a state that contains it is first reached by
    a step into it. Both methods take all chains (periods, types, orders) at once and give the same doubles whatever
    the order of rows: sums are of decimals or of whole numbers.
#}

{# How a chain whose paths never seem to end stops the build; a value of any type, for a branch of a case. #}
{% macro stop_build(message) -%}
    {{ return(adapter.dispatch('stop_build')(message)) }}
{%- endmacro %}

{% macro default__stop_build(message) -%}
    raise_error({{ message }})
{%- endmacro %}

{% macro duckdb__stop_build(message) -%}
    error({{ message }})
{%- endmacro %}


{#
    Order 1, exact: a select of chain_id, from_state, to_state and visits, the fundamental matrix N = (I - Q)^-1 as
    the sum of Q's powers, by repeated squaring until no entry of the power is left. `chains` has
    chain_id and name, `states` chain_id and state, and `steps` chain_id, from_state, to_state and probability, of
    steps between states that do not end. Sixty squarings are 10^18 steps: a chain that is not at its end by then has states that never end.
#}
{% macro fundamental_matrix(chains, states, steps) -%}
    {{ return(adapter.dispatch('fundamental_matrix')(chains, states, steps)) }}
{%- endmacro %}

{% macro default__fundamental_matrix(chains, states, steps) -%}
    {{ exceptions.raise_compiler_error('this engine cannot square matrices in one query: leave out models of family markov') }}
{%- endmacro %}

{% macro duckdb__fundamental_matrix(chains, states, steps) -%}
    with recursive

    entries(chain_id, from_state, to_state, power, total, squaring, largest) using key (chain_id, from_state, to_state) as (
        select chain_id, from_state, to_state, sum(power), sum(total), 0, cast(1 as double)
        from (
            select chain_id, from_state, to_state, cast(probability as double) as power, cast(0 as double) as total
            from {{ steps }}
            union all
            select chain_id, state, state, cast(0 as double), cast(1 as double)
            from {{ states }}
        ) as first_powers
        group by chain_id, from_state, to_state
        union all
        select
            chain_id, from_state, to_state, power, total, squaring,
            max(power) over (partition by chain_id)
        from (
            select
                chain_id, from_state, to_state,
                {{ exact_sum('power') }} as power,
                {{ exact_sum('total') }} as total,
                max(squaring) + 1 as squaring
            from (
                select chain_id, from_state, to_state, cast(0 as double) as power, total, squaring
                from entries
                where largest > 1e-16
                union all
                select
                    one.chain_id, one.from_state, other.to_state,
                    one.power * other.power, one.power * other.total, one.squaring
                from entries as one
                inner join entries as other
                    on one.chain_id = other.chain_id and one.to_state = other.from_state
                where one.power > 0 and one.largest > 1e-16
            ) as products
            group by chain_id, from_state, to_state
        ) as squared
        where squaring <= 60
    )

    select
        entries.chain_id,
        entries.from_state,
        entries.to_state,
        case
            when entries.largest <= 1e-16 then entries.total
            else {{ stop_build("'Markov chain ' || chains.name || ': some paths do not end within 2^60 steps'") }}
        end as visits
    from entries
    inner join {{ chains }} as chains
        on entries.chain_id = chains.chain_id
{%- endmacro %}


{#
    Any order, by sparse iteration: a select of chain_id, channel_number and conversion_probability, the probability
    to convert once the channel is removed. One unit of mass a removal starts in `(start)` and is moved along all
    steps at once until what has neither converted nor been lost is less than 1e-12 of what converts: that is the
    bound of the error. Mass is added in whole 2^-100s, finer than a double can tell. Removals are columns, sixteen to a row, so that one join
    moves sixteen of them; a step into a channel loses the mass of its own column. Number 0 removes nothing: measured
    against it, a channel without which nothing is lost has no effect at all, whatever is left to move.

    `chains`: chain_id, name, start_state, end_state (where what converts ends), channels (how many), enough (the mass
    below which the rest does not count). `steps`: from_state, to_state, to_channel_number (from 1 in each
    chain; NULL for end_state), probability, self-transitions divided out, one row from each end_state to itself, none
    into null. States are numbered across chains.
#}
{% macro removed_conversion_probabilities(chains, steps) -%}
    {{ return(adapter.dispatch('removed_conversion_probabilities')(chains, steps)) }}
{%- endmacro %}

{% macro default__removed_conversion_probabilities(chains, steps) -%}
    {{ exceptions.raise_compiler_error('this engine cannot iterate in one query: leave out models of family markov') }}
{%- endmacro %}

{% macro duckdb__removed_conversion_probabilities(chains, steps, columns=16, most_steps=20000) -%}
    {%- set removals = [] -%}
    {%- for number in range(columns) -%}{%- do removals.append('r' ~ number) -%}{%- endfor -%}
    with recursive

    walk(chain_id, block, state, end_state, enough, steps_taken, mass_left, {{ removals | join(', ') }}) using key (block, state) as (
        select
            chain_id, block, state, end_state, enough, 0, cast(1 as double),
            {% for removal in removals -%}
            case when state <> end_state and block * {{ columns }} + {{ loop.index0 }} <= channels then cast(1 as double) else 0 end
            {%- if not loop.last %},{% endif %}
            {% endfor %}
        from (
            select *, unnest(range(0, cast(ceil((channels + 1) / {{ columns }}.0) as bigint))) as block
            from {{ chains }}
        ) as blocks,
        lateral (select unnest([start_state, end_state]) as state) as ends
        union all
        select
            chain_id, block, state, end_state, enough, steps_taken,
            coalesce(
                {{ exact_mass(
                    'case when state <> end_state then greatest(' ~ removals | join(', ') ~ ') end',
                    'over (partition by chain_id, block)'
                ) }},
                0
            ),
            {{ removals | join(', ') }}
        from (
            select
                chain_id, block, state, end_state, enough, steps_taken,
                {% for removal in removals -%}
                case when channel_number = block * {{ columns }} + {{ loop.index0 }} then 0 else {{ removal }} end as {{ removal }}
                {%- if not loop.last %},{% endif %}
                {% endfor %}
            from (
                select
                    walk.chain_id,
                    walk.block,
                    steps.to_state as state,
                    steps.to_channel_number as channel_number,
                    walk.end_state,
                    walk.enough,
                    walk.steps_taken + 1 as steps_taken,
                    {% for removal in removals -%}
                    {{ exact_mass('walk.' ~ removal ~ ' * steps.probability') }} as {{ removal }}
                    {%- if not loop.last %},{% endif %}
                    {% endfor %}
                from walk
                inner join {{ steps }} as steps
                    on walk.state = steps.from_state
                where walk.mass_left >= walk.enough and walk.steps_taken < {{ most_steps }}
                group by
                    walk.chain_id, walk.block, steps.to_state, steps.to_channel_number,
                    walk.end_state, walk.enough, walk.steps_taken
            ) as moved
        ) as kept
    ),

    arrived as (
        select
            chain_id,
            unnest(range(block * {{ columns }}, (block + 1) * {{ columns }})) as channel_number,
            unnest([{{ removals | join(', ') }}]) as mass,
            mass_left
        from walk
        where state = end_state
    )

    select
        arrived.chain_id,
        arrived.channel_number,
        case
            when arrived.mass_left < chains.enough then arrived.mass
            else {{ stop_build("'Markov chain ' || chains.name || ': some paths do not end within " ~ most_steps ~ " steps'") }}
        end as conversion_probability
    from arrived
    inner join {{ chains }} as chains
        on arrived.chain_id = chains.chain_id and arrived.channel_number <= chains.channels
{%- endmacro %}


{# Step of the iteration: a sum of masses, each from 0 to 1, that no order of rows changes. #}
{% macro exact_mass(mass, over='') -%}
    cast(sum(cast({{ mass }} * 1267650600228229401496703205376.0 as hugeint)) {{ over }} as double) / 1267650600228229401496703205376.0
{%- endmacro %}
