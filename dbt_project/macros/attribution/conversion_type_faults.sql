{# A select of conversion_type and reason, one row a fault, of rows of conversion_types that make no sense. #}
{% macro conversion_type_faults() -%}
    {%- set kinds = ['order', 'first_order', 'repeat_order', 'touch'] -%}
    {%- set touch_kinds = contract_values('touchpoints', 'touch_kind') -%}
    {%- set faults = [
        (
            "not " ~ regexp_full_match("coalesce(conversion_type, '')", "'[a-z][a-z0-9_]*'"),
            "conversion_type must be lower-case letters, digits and underscores",
        ),
        ("rows_of_type > 1", "conversion_type stands in more than one row"),
        ("coalesce(kind, '') not in ('" ~ kinds | join("', '") ~ "')", "kind must be one of " ~ kinds | join(', ')),
        ("kind = 'touch' and touch_kind is null", "kind touch needs touch_kind"),
        (
            "touch_kind not in ('" ~ touch_kinds | join("', '") ~ "')",
            "touch_kind must be one of " ~ touch_kinds | join(', '),
        ),
        ("coalesce(kind, '') <> 'touch' and touch_kind is not null", "touch_kind is for kind touch only"),
        ("kind = 'touch' and value is null", "kind touch needs a value"),
        ("value < 0", "value is below 0"),
        ("coalesce(kind, '') <> 'touch' and value is not null", "value is for kind touch only: an order has its own"),
        ("coalesce(counts, '') not in ('every', 'first_per_customer')", "counts must be every or first_per_customer"),
        (
            "coalesce(kind, '') <> 'touch' and counts = 'first_per_customer'",
            "first_per_customer is for kind touch only: a first order is kind first_order",
        ),
    ] -%}
    with

    types as (
        select
            *,
            count(*) over (partition by conversion_type) as rows_of_type
        from {{ ref('conversion_types') }}
    )

    {% for condition, reason in faults -%}
        select coalesce(conversion_type, '(no conversion_type)') as conversion_type, '{{ reason }}' as reason
        from types
        where {{ condition }}
        {%- if not loop.last %}
        union all
        {%- endif %}
    {% endfor -%}
{%- endmacro %}
