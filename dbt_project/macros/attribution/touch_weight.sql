{#
    Weight of a touch by the model's family, before weights are made to sum to 1. Of `slotted` in int_touch_weights:
    the model's family, the touch's position on a path of path_length, the anchor's position, and
    days_before_last_touch: decay is counted from the path's last touch, a constant factor that cancels out but keeps
    weights from vanishing; beside it position_weights, channel_touches and path_channels.
#}
{% macro touch_weight() -%}
    case
        when slotted.family = 'first_touch' then case when slotted.position = 1 then 1 else 0 end
        when slotted.family in ('last_touch', 'last_non_direct')
            then case when slotted.position = slotted.path_length then 1 else 0 end
        when slotted.family = 'linear' then 1
        when slotted.family = 'time_decay'
            then power(2.0, {{ divide('-slotted.days_before_last_touch', 'slotted.half_life_days') }})
        when slotted.family = 'shapley'
            then {{ divide('1', 'path_channels.channels_of_path * channel_touches.touches_of_channel') }}
        when slotted.family = 'position' then {{ position_weight() }}
    end
{%- endmacro %}


{#
    Slot in the list of weights of a touch at `position` on a path of path_length: counted from the path's start in
    the list's first half, from its end in its last; 0 for the touches between.
#}
{% macro position_slot() -%}
    case
        when path_length <= weight_count then position
        when position <= end_count then position
        when position > path_length - end_count then weight_count - path_length + position
        when weight_count > 2 * end_count then end_count + 1
        else 0
    end
{%- endmacro %}


{#
    Weight by position: that of the slot, the middle one shared equally by the touches between; the anchor takes its
    own beside that of an end, but no share of the middle. Where nothing on the path weighs, touches weigh alike.
#}
{% macro position_weight() -%}
    {%- set is_between = 'slotted.position > slotted.end_count and slotted.position <= slotted.path_length - slotted.end_count' -%}
    {%- set anchor_is_between = 'slotted.anchor_position > slotted.end_count '
        ~ 'and slotted.anchor_position <= slotted.path_length - slotted.end_count' -%}
    case
        when slotted.anchor_position is null and position_weights.is_without_weight then 1
        when {{ is_between }} and slotted.position = slotted.anchor_position then slotted.anchor_weight
        when {{ is_between }} then coalesce({{ divide(
            'position_weights.weight',
            'slotted.path_length - 2 * slotted.end_count - case when ' ~ anchor_is_between ~ ' then 1 else 0 end'
        ) }}, 0)
        else position_weights.weight + case
            when slotted.position = slotted.anchor_position then slotted.anchor_weight else 0
        end
    end
{%- endmacro %}
