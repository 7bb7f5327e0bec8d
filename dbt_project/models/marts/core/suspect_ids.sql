-- One row per entity, id column and folded id that is spelled in more than one way; touches are left out.
{%- set columns = [
    ('orders', 'order_id', 'int_orders_known', [
        'stg_order_lines', 'stg_refunds', 'stg_shipments', 'stg_tickets', 'stg_surveys',
    ]),
    ('customers', 'customer_id', 'stg_customers', ['stg_orders', 'stg_tickets', 'stg_surveys']),
    ('products', 'product_id', 'stg_products', ['stg_order_lines', 'stg_inventory_levels']),
    ('shops', 'shop', 'stg_shops', ['stg_orders', 'stg_order_lines', 'stg_surveys']),
] %}
with

written as (
    {%- for entity, id_column, own, users in columns %}
        {%- for model in [own] + users %}
            select
                '{{ entity }}' as entity,
                '{{ id_column }}' as id_column,
                {{ id_column }} as spelling,
                max({{ 1 if model == own else 0 }}) as is_known
            from {{ ref(model) }}
            where {{ id_column }} is not null
            group by {{ id_column }}
            {%- if not loop.last %}
                union all
            {%- endif %}
        {%- endfor %}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

spellings as (
    select
        entity,
        id_column,
        spelling,
        {{ folded_id('spelling') }} as folded_id,
        max(is_known) as is_known
    from written
    group by entity, id_column, spelling
),

suspects as (
    select
        entity,
        id_column,
        folded_id,
        count(*) as spellings,
        sum(is_known) as known_spellings,
        min(case when is_known = 1 then spelling end) as known_id,
        min(spelling) as first_spelling,
        max(spelling) as last_spelling
    from spellings
    group by entity, id_column, folded_id
    having count(*) > 1
),

typed as (
    select
        entity,
        id_column,
        folded_id,
        cast(spellings as bigint) as spellings,
        cast(known_spellings as bigint) as known_spellings,
        known_id,
        first_spelling,
        last_spelling,
        {{ spelling_difference('first_spelling', 'last_spelling') }} as differs_in
    from suspects
)

select * from typed
