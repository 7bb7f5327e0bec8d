{#
    Removal effects of Markov chains. A chain's transitions are those of states; a state of order k is the last k
    channels. Removing a channel sends every step into it to null, since a state that contains it is first reached by
    a step into it. Both methods take all chains (periods, types, orders) at once and give the same doubles whatever
    the order of rows: sums are of decimals or of whole numbers. States are numbered across chains. Each method says
    what it left, so that whoever reads it stops the build where that is too much.
#}

{# An expression of any type that stops the build with a message where it is evaluated. #}
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
    Order 1, exact: a relation of chain_id, from_state, to_state, visits and largest_left, the fundamental matrix
    N = (I - Q)^-1 as the sum of Q's powers, by repeated squaring until no entry of the power is above 1e-16. `steps`
    has chain_id, from_state, to_state and probability, of steps between states that are no ends. Sixty squarings are
    10^18 steps: where largest_left is above 1e-16 after them, some states never end.
#}
{% macro fundamental_matrix(steps) -%}
    {{ return(adapter.dispatch('fundamental_matrix')(steps)) }}
{%- endmacro %}

{% macro default__fundamental_matrix(steps) -%}
    {{ exceptions.raise_compiler_error('this engine cannot square matrices in one query: leave out models of family markov') }}
{%- endmacro %}

{% macro duckdb__fundamental_matrix(steps) -%}
    (
        with recursive

        entries(chain_id, from_state, to_state, power, visits, squarings, largest_left) using key (from_state, to_state) as (
            select chain_id, from_state, to_state, sum(power), sum(visits), 0, cast(1 as double)
            from (
                select chain_id, from_state, to_state, cast(probability as double) as power, cast(0 as double) as visits
                from {{ steps }}
                union all
                select chain_id, state, state, cast(0 as double), cast(1 as double)
                from (
                    select chain_id, from_state as state from {{ steps }}
                    union
                    select chain_id, to_state as state from {{ steps }}
                ) as states
            ) as first_powers
            group by chain_id, from_state, to_state
            union all
            select
                chain_id, from_state, to_state, power, visits, squarings,
                max(power) over (partition by chain_id)
            from (
                select
                    chain_id, from_state, to_state,
                    {{ exact_sum('power') }} as power,
                    {{ exact_sum('visits') }} as visits,
                    max(squarings) + 1 as squarings
                from (
                    select chain_id, from_state, to_state, cast(0 as double) as power, visits, squarings
                    from entries
                    where largest_left > 1e-16
                    union all
                    select
                        one.chain_id, one.from_state, other.to_state,
                        one.power * other.power, one.power * other.visits, one.squarings
                    from entries as one
                    inner join entries as other
                        on one.to_state = other.from_state
                    where one.power > 0 and one.largest_left > 1e-16
                ) as products
                group by chain_id, from_state, to_state
            ) as squared
            where squarings <= 60
        )

        select chain_id, from_state, to_state, visits, largest_left from entries
    )
{%- endmacro %}


{#
    Any order, by sparse iteration: a relation of chain_id, channel_number, conversion_probability and error, the
    probability to convert once the channel is removed. One unit of mass a removal starts in the start and is moved
    along all steps at once, until what may still come is known to less than `enough`: because little is left to move,
    or because all masses shrink alike. Where each state's mass becomes between a and b times what it was in one step,
    so it does in each step after (moving keeps order), and what is still to convert lies between a / (1 - a) and
    b / (1 - b) times what converted in this one (the bounds of Collatz and Wielandt). That is looked at every eighth
    step. Removals are columns, sixteen to a row, so that one join moves sixteen of them; a step into a channel loses
    the mass of its own column. Number 0 removes nothing: measured against it, a channel without which nothing is lost
    has no effect at all, whatever is left to move.

    `steps` has chain_id, channels (how many), enough, from_state, to_state, to_channel_number (from 1 in each chain;
    NULL for the end), is_first (out of the start), is_last (into the end, where what converts stays) and probability,
    self-transitions divided out, with a row from each end to itself and none into null. Where most_steps steps are
    not enough, error is at `enough` or above.
#}
{% macro removed_conversion_probabilities(steps) -%}
    {{ return(adapter.dispatch('removed_conversion_probabilities')(steps)) }}
{%- endmacro %}

{% macro default__removed_conversion_probabilities(steps) -%}
    {{ exceptions.raise_compiler_error('this engine cannot iterate in one query: leave out models of family markov') }}
{%- endmacro %}

{% macro duckdb__removed_conversion_probabilities(steps, columns=16, most_steps=20000) -%}
    {%- set removals = [] -%}
    {%- for number in range(columns) -%}{%- do removals.append('r' ~ number) -%}{%- endfor -%}
    (
        with recursive

        walk(chain_id, block, state, is_end, enough, steps_taken, error, {{ removals | join(', ') }}) using key (block, state) as (
            select
                chain_id, block, state, is_end, enough, 0, cast(1 as double),
                {% for removal in removals -%}
                case when not is_end and block * {{ columns }} + {{ loop.index0 }} <= channels then cast(1 as double) else 0 end
                {%- if not loop.last %},{% endif %}
                {% endfor %}
            from (
                select
                    chain_id, enough, channels, state, is_end,
                    unnest(range(0, cast(ceil((channels + 1) / {{ columns }}.0) as bigint))) as block
                from (
                    select distinct chain_id, enough, channels, from_state as state, false as is_end
                    from {{ steps }}
                    where is_first
                    union all
                    select distinct chain_id, enough, channels, to_state as state, true as is_end
                    from {{ steps }}
                    where is_last
                ) as ends
            ) as blocks
            union all
            (
                with

                moved as (
                    select
                        walk.chain_id,
                        walk.block,
                        steps.to_state as state,
                        steps.to_channel_number as channel_number,
                        steps.is_last as is_end,
                        walk.enough,
                        walk.steps_taken + 1 as steps_taken,
                        {% for removal in removals -%}
                        {{ exact_mass('walk.' ~ removal ~ ' * steps.probability') }} as {{ removal }}
                        {%- if not loop.last %},{% endif %}
                        {% endfor %}
                    from walk
                    inner join {{ steps }} as steps
                        on walk.state = steps.from_state
                    where walk.error >= walk.enough and walk.steps_taken < {{ most_steps }}
                    group by
                        walk.chain_id, walk.block, steps.to_state, steps.to_channel_number, steps.is_last,
                        walk.enough, walk.steps_taken
                ),

                kept as (
                    select
                        chain_id, block, state, is_end, enough, steps_taken,
                        {% for removal in removals -%}
                        case when channel_number = block * {{ columns }} + {{ loop.index0 }} then 0 else {{ removal }} end as {{ removal }}
                        {%- if not loop.last %},{% endif %}
                        {% endfor %}
                    from moved
                ),

                -- How a state's mass has changed, and what has converted, in every eighth step.
                changes as (
                    select
                        coalesce(kept.block, before.block) as block,
                        coalesce(kept.chain_id, before.chain_id) as chain_id,
                        {% for removal in removals -%}
                        min(case when before.{{ removal }} > 0 then coalesce(kept.{{ removal }}, 0) / before.{{ removal }} end) as least_{{ removal }},
                        max(case
                            when before.{{ removal }} > 0 then coalesce(kept.{{ removal }}, 0) / before.{{ removal }}
                            when kept.{{ removal }} > 0 then 1
                        end) as most_{{ removal }}
                        {%- if not loop.last %},{% endif %}
                        {% endfor %}
                    from (select * from kept where steps_taken % 8 = 0 and not is_end) as kept
                    full outer join (
                        select * from walk
                        where steps_taken % 8 = 7 and not is_end and error >= enough and steps_taken < {{ most_steps }}
                    ) as before
                        on kept.block = before.block and kept.state = before.state
                    group by coalesce(kept.block, before.block), coalesce(kept.chain_id, before.chain_id)
                ),

                converted as (
                    select
                        walk.block,
                        walk.chain_id,
                        {% for removal in removals -%}
                        {{ exact_mass('walk.' ~ removal ~ ' * steps.probability') }} as {{ removal }}
                        {%- if not loop.last %},{% endif %}
                        {% endfor %}
                    from walk
                    inner join {{ steps }} as steps
                        on walk.state = steps.from_state
                    where walk.steps_taken % 8 = 7 and steps.is_last and not walk.is_end
                    group by walk.block, walk.chain_id
                ),

                -- What is still to come at least, and how much more it may be.
                tails as (
                    select
                        changes.block,
                        changes.chain_id,
                        {% for removal in removals -%}
                        coalesce(converted.{{ removal }}, 0) * changes.least_{{ removal }} / (1 - changes.least_{{ removal }}) as {{ removal }},
                        {% endfor %}
                        greatest(
                            {% for removal in removals -%}
                            case
                                when changes.most_{{ removal }} is null then 0
                                when changes.most_{{ removal }} < 1
                                    then coalesce(converted.{{ removal }}, 0) * (
                                        changes.most_{{ removal }} / (1 - changes.most_{{ removal }})
                                        - changes.least_{{ removal }} / (1 - changes.least_{{ removal }})
                                    )
                                else 1
                            end
                            {%- if not loop.last %},{% endif %}
                            {% endfor %}
                        ) as error
                    from changes
                    left join converted
                        on changes.block = converted.block and changes.chain_id = converted.chain_id
                ),

                masses as (
                    select
                        *,
                        coalesce(
                            {{ exact_mass(
                                'case when not is_end then greatest(' ~ removals | join(', ') ~ ') end',
                                'over (partition by chain_id, block)'
                            ) }},
                            0
                        ) as mass_left
                    from kept
                )

                select
                    masses.chain_id, masses.block, masses.state, masses.is_end, masses.enough, masses.steps_taken,
                    least(masses.mass_left, coalesce(tails.error, masses.mass_left)),
                    {% for removal in removals -%}
                    case
                        when masses.is_end and tails.error < masses.enough and masses.mass_left >= masses.enough
                            then masses.{{ removal }} + coalesce(tails.{{ removal }}, 0)
                        else masses.{{ removal }}
                    end
                    {%- if not loop.last %},{% endif %}
                    {% endfor %}
                from masses
                left join tails
                    on masses.block = tails.block and masses.chain_id = tails.chain_id
            )
        )

        select
            chain_id,
            unnest(range(block * {{ columns }}, (block + 1) * {{ columns }})) as channel_number,
            unnest([{{ removals | join(', ') }}]) as conversion_probability,
            error
        from walk
        where is_end
    )
{%- endmacro %}


{# Step of the iteration: a sum of masses, each from 0 to 1, in whole 2^-100s, that no order of rows changes. #}
{% macro exact_mass(mass, over='') -%}
    cast(sum(cast({{ mass }} * 1267650600228229401496703205376.0 as hugeint)) {{ over }} as double) / 1267650600228229401496703205376.0
{%- endmacro %}
