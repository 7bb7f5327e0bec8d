{# A condition that every row must meet; a condition that is NULL fails, too. #}
{% test row_holds(model, condition) %}

    select *
    from {{ rows_to_test(model) }}
    where ({{ condition }}) is not true

{% endtest %}
