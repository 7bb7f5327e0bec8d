{#
    Paths as one text, the channels of touches in their order joined by ' > ', and back: how lists are built, cut and
    read is each engine's own.
#}

{#
    Aggregate: the channels of a group's newest so many touches, the newest first, each with whether it is direct; a
    place orders touches. As a list that is sorted, which takes half the memory of max_by of so many.
#}
{% macro newest_channels(channel, is_direct, place, newest) -%}
    {{ return(adapter.dispatch('newest_channels')(channel, is_direct, place, newest)) }}
{%- endmacro %}

{% macro default__newest_channels(channel, is_direct, place, newest) -%}
    slice(
        reverse(array_sort(collect_list(struct({{ place }} as place, {{ channel }} as channel, {{ is_direct }} as is_direct)))),
        1,
        max({{ newest }})
    )
{%- endmacro %}

{% macro duckdb__newest_channels(channel, is_direct, place, newest) -%}
    list_reverse_sort(
        list({'place': {{ place }}, 'channel': {{ channel }}, 'is_direct': {{ is_direct }}})
    )[1:max({{ newest }})]
{%- endmacro %}


{# The path of newest_channels: of so many of them, without direct ones by the policy; '' where none is left. #}
{% macro journey_path(channels, newest, direct_policy) -%}
    {{ return(adapter.dispatch('journey_path')(channels, newest, direct_policy)) }}
{%- endmacro %}

{% macro default__journey_path(channels, newest, direct_policy) -%}
    {%- set kept = 'slice(' ~ channels ~ ', 1, cast(' ~ newest ~ ' as int))' -%}
    array_join(
        reverse(
            transform(
                filter(
                    {{ kept }},
                    touch -> {{ direct_policy }} = 'keep' or not touch.is_direct
                    or ({{ direct_policy }} = 'drop_if_other' and forall({{ kept }}, other -> other.is_direct))
                ),
                touch -> touch.channel
            )
        ),
        ' > '
    )
{%- endmacro %}

{% macro duckdb__journey_path(channels, newest, direct_policy) -%}
    {%- set kept = channels ~ '[1:' ~ newest ~ ']' -%}
    array_to_string(
        list_reverse(
            list_transform(
                case
                    when {{ direct_policy }} = 'keep' then {{ kept }}
                    when
                        {{ direct_policy }} = 'drop_if_other'
                        and list_bool_and(list_transform({{ kept }}, lambda other: other.is_direct))
                        then {{ kept }}
                    else list_filter({{ kept }}, lambda touch: not touch.is_direct)
                end,
                lambda touch: touch.channel
            )
        ),
        ' > '
    )
{%- endmacro %}


{# Channels on a path. #}
{% macro path_length(path) -%}
    {{ return(adapter.dispatch('path_length')(path)) }}
{%- endmacro %}

{% macro default__path_length(path) -%}
    cast(size(split({{ path }}, ' > ')) as bigint)
{%- endmacro %}

{% macro duckdb__path_length(path) -%}
    cast(len(string_split({{ path }}, ' > ')) as bigint)
{%- endmacro %}


{# The last channel of a path or state. #}
{% macro last_channel(path) -%}
    {{ return(adapter.dispatch('last_channel')(path)) }}
{%- endmacro %}

{% macro default__last_channel(path) -%}
    element_at(split({{ path }}, ' > '), -1)
{%- endmacro %}

{% macro duckdb__last_channel(path) -%}
    split_part({{ path }}, ' > ', -1)
{%- endmacro %}


{#
    A relation of what a relation's paths step through, one row a path and step: the given columns, previous_3,
    previous_2, previous_1 (the channels before, '' before the path's start) and next_channel, '' for the step that
    ends the path.
#}
{% macro path_steps(relation, columns) -%}
    {{ return(adapter.dispatch('path_steps')(relation, columns)) }}
{%- endmacro %}

{% macro default__path_steps(relation, columns) -%}
    (
        select
            {{ columns | join(', ') }},
            channels[step] as previous_3,
            channels[step + 1] as previous_2,
            channels[step + 2] as previous_1,
            channels[step + 3] as next_channel
        from (
            select
                *,
                explode(sequence(0, size(channels) - 4)) as step
            from (
                select
                    {{ columns | join(', ') }},
                    concat(array('', '', ''), split(path, ' > '), array('')) as channels
                from {{ relation }}
            ) as padded
        ) as stepped
    )
{%- endmacro %}

{% macro duckdb__path_steps(relation, columns) -%}
    (
        select
            {{ columns | join(', ') }},
            channels[step] as previous_3,
            channels[step + 1] as previous_2,
            channels[step + 2] as previous_1,
            channels[step + 3] as next_channel
        from (
            select
                *,
                unnest(range(1, len(channels) - 2)) as step
            from (
                select
                    {{ columns | join(', ') }},
                    ['', '', ''] || string_split(path, ' > ') || [''] as channels
                from {{ relation }}
            ) as padded
        ) as stepped
    )
{%- endmacro %}
