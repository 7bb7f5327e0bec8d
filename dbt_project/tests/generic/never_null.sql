{# One scan for all columns of a model that must hold a value: a row that lacks any of them fails. #}
{% test never_null(model, columns) %}

    select {{ columns | join(', ') }}
    from {{ rows_to_test(model) }}
    where {{ columns | join(' is null or ') }} is null

{% endtest %}
