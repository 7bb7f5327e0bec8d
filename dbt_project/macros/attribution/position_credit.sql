{#
    The rule of a list of weights by position, for int_touch_weights: of `slotted` (a touch at `position` on a path of
    path_length, the position of the path's anchor or NULL, anchor_weight, and end_count, the weights that are read
    from either end), and of `slots`, the row of int_position_weights for the touch's slot.
#}

{# The slots of a path: as many as it has touches, at most as many as there are weights. #}
{% macro position_slots() -%}
    case when path_length < weight_count then path_length else weight_count end
{%- endmacro %}


{# The slot of a touch: from the path's start in the list's first half, from its end in its last, 0 for none. #}
{% macro position_slot() -%}
    case
        when path_length <= weight_count or position <= end_count then position
        when position > path_length - end_count then weight_count - path_length + position
        when weight_count > 2 * end_count then end_count + 1
        else 0
    end
{%- endmacro %}


{#
    The touch's credit: its part of all that the path's touches weigh. Touches between the ends share the middle
    weight, all but the anchor, which takes its own; at an end it takes its own besides. Nothing weighs: all alike.
#}
{% macro position_credit() -%}
    {%- set is_between = 'slotted.position > slotted.end_count and slotted.position <= slotted.path_length - slotted.end_count' -%}
    {%- set anchor_is_between = 'slotted.anchor_position > slotted.end_count '
        ~ 'and slotted.anchor_position <= slotted.path_length - slotted.end_count' -%}
    {%- set sharing = '(slotted.path_length - 2 * slotted.end_count - case when ' ~ anchor_is_between ~ ' then 1 else 0 end)' -%}
    {%- set all_weight = '(slots.end_weight + case when ' ~ sharing ~ ' > 0 then slots.middle_weight else 0 end '
        ~ '+ case when slotted.anchor_position is not null then slotted.anchor_weight else 0 end)' -%}
    {%- set anchor_weight = 'case when slotted.position = slotted.anchor_position then slotted.anchor_weight else 0 end' -%}
    case
        when {{ all_weight }} = 0 then {{ divide('1', 'slotted.path_length') }}
        when {{ is_between }} and slotted.position = slotted.anchor_position
            then {{ divide('slotted.anchor_weight', all_weight) }}
        when {{ is_between }}
            then {{ divide(divide('slots.middle_weight', sharing), all_weight) }}
        else {{ divide('slots.weight + ' ~ anchor_weight, all_weight) }}
    end
{%- endmacro %}
