{#
    Weight of a touch by the model's family, before weights are made to sum to 1. Of a relation with the model's
    family, first_weight, middle_weight, last_weight and half_life_days, the touch's position on a path of
    path_length, and days_before_last_touch: decay is counted from the path's last touch, a constant factor that
    cancels out but keeps weights from vanishing. For position, a path of one touch has no middle or end to weigh,
    and one of two has no middle: its ends share in proportion, equally where both weigh 0.
#}
{% macro touch_weight() -%}
    case
        when family = 'first_touch' and position = 1 then 1
        when family in ('last_touch', 'last_non_direct') and position = path_length then 1
        when family = 'linear' then 1
        when family = 'position' and path_length = 1 then 1
        when family = 'position' and path_length = 2 and first_weight + last_weight = 0 then 1
        when family = 'position' and position = 1 then first_weight
        when family = 'position' and position = path_length then last_weight
        when family = 'position' then {{ divide('middle_weight', 'path_length - 2') }}
        when family = 'time_decay' then power(2.0, {{ divide('-days_before_last_touch', 'half_life_days') }})
        else 0
    end
{%- endmacro %}
