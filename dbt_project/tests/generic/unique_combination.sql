{#
    A model's grain: no two rows share these columns, and neither they nor the other required columns are NULL. In
    one test, since each costs every build a scan.
#}
{% test unique_combination(model, columns, required=[]) %}

    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ keys_to_test(model, columns, required) }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        or {{ columns | join(' is null or ') }} is null
        {% for column in required -%}
            or count({{ column }}) < count(*)
        {% endfor %}

{% endtest %}
