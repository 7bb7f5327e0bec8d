{#-
    The facts, and the day columns of theirs, from which a KPI's day follows: where none of these rows changed, the
    KPI's day stands. A KPI that is not listed (its day follows from other days, the clock, or a table that is built
    anew each time) is computed whole and compared; listing it only saves time.
-#}
{%- set days_of = {
    'content_engagement_rate': [('fct_content_daily', 'measured_on')],
    'conversion_rate': [('fct_orders', 'ordered_on'), ('fct_touches', 'touched_on')],
    'csat': [('fct_surveys', 'responded_on')],
    'first_response_within_target': [('fct_tickets', 'response_final_on')],
    'gross_margin_rate': [('fct_order_lines', 'ordered_on')],
    'net_revenue': [('fct_order_lines', 'ordered_on'), ('fct_refunds', 'refunded_on')],
    'order_to_delivery_hours': [('fct_shipments', 'delivered_on')],
} -%}
{% set days -%}
    {% for kpi, causes in days_of.items() -%}
        {% for model, column in causes -%}
            select
                '{{ kpi }}' as kpi_id,
                {{ column }} as affected_on
            from {{ changed(model) }}
            where {{ column }} is not null
            union all
        {% endfor -%}
    {% endfor -%}
    select
        kpi_id,
        cast(null as date) as affected_on
    from catalog
    where kpi_id not in ('{{ days_of | join("', '") }}')
{%- endset -%}
-- Grain: one row a KPI and day that this increment computes anew, a KPI that is computed whole without a day; none in
-- a build that computes everything.
with

catalog as (
    select distinct
        kpi_id,
        cast(null as date) as affected_on
    from {{ ref('kpi_catalog') }}
),

affected as (
    {% if is_increment() -%}
        select distinct
            kpi_id,
            affected_on
        from ({{ days }}) as days
    {%- else -%}
        select *
        from catalog
        where false
    {%- endif %}
)

select * from affected
