{# Whether an effective-dated row holds on the last day that has begun at as_of. #}
{% macro in_force(relation='') -%}
    {%- set of = relation ~ '.' if relation else '' -%}
    {{ happened_by_as_of(of ~ 'valid_from', 'date') }}
    and ({{ of }}valid_to is null or not {{ happened_by_as_of(of ~ 'valid_to', 'date') }})
{%- endmacro %}


{# Whether an effective-dated row holds on the last elapsed day of a period that ends before `until`. #}
{% macro in_force_until(relation, until) -%}
    {{ relation }}.valid_from < {{ until }}
    and ({{ relation }}.valid_to is null or {{ relation }}.valid_to >= {{ until }})
{%- endmacro %}
