{# Rows that hold from valid_from until before valid_to (for good where empty): of one key, at most one holds on any day. #}
{% test spans_do_not_overlap(model, key) %}

    with

    followed as (
        select
            {{ key | join(', ') }},
            valid_from,
            valid_to,
            lead(valid_from) over (partition by {{ key | join(', ') }} order by valid_from, valid_to nulls last) as next_from
        from {{ model }}
    )

    select *
    from followed
    where valid_to <= valid_from or next_from < valid_to or (valid_to is null and next_from is not null)

{% endtest %}
