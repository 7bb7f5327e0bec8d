{# Transitions of an order with their probability, of their own weights and the probabilities of the order below. #}
{% macro higher_order_probabilities(weighed, lower, order) -%}
    select
        {{ weighed }}.journey_specification_id,
        {{ weighed }}.quarter_start,
        {{ weighed }}.markov_order,
        {{ weighed }}.states_before,
        {{ weighed }}.state,
        {{ weighed }}.held_out,
        {{ weighed }}.seen_share + {{ weighed }}.lower_weight * {{ lower }}.probability as probability
    from {{ weighed }}
    inner join {{ lower }}
        on
            {{ weighed }}.journey_specification_id = {{ lower }}.journey_specification_id
            and {{ weighed }}.quarter_start = {{ lower }}.quarter_start
            and {{ weighed }}.fewer_states_before = {{ lower }}.states_before
            and {{ weighed }}.state = {{ lower }}.state
    where {{ weighed }}.markov_order = {{ order }}
{%- endmacro %}
