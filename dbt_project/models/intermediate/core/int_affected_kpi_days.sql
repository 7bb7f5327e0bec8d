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
-- Grain: one row a KPI and day that this increment computes anew, a KPI that is computed whole without a day; none in
-- a build that computes everything.
-- depends_on: {{ ref('fct_content_daily') }}, {{ ref('fct_orders') }}, {{ ref('fct_touches') }}, {{ ref('fct_surveys') }}
-- depends_on: {{ ref('fct_tickets') }}, {{ ref('fct_order_lines') }}, {{ ref('fct_refunds') }}, {{ ref('fct_shipments') }}
with

catalog as (
    select distinct kpi_id from {{ ref('kpi_catalog') }}
),

days as (
    {%- if is_increment() %}
        {%- for kpi, causes in days_of.items() %}
            {%- for model, column in causes %}
                select
                    '{{ kpi }}' as kpi_id,
                    {{ column }} as affected_on
                from {{ changed(model) }}
                where {{ column }} is not null
                union all
            {%- endfor %}
        {%- endfor %}
        select
            kpi_id,
            cast(null as date) as affected_on
        from catalog
        where kpi_id not in ('{{ days_of | join("', '") }}')
    {%- else %}
        select
            kpi_id,
            cast(null as date) as affected_on
        from catalog
        where false
    {%- endif %}
),

affected as (
    select distinct
        kpi_id,
        affected_on
    from days
)

select * from affected
