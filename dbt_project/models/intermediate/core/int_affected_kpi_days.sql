{#-
    The facts, and the day columns of theirs, from which a KPI's day follows: where none of these rows changed, the
    KPI's day stands. A KPI that is not listed (its day follows from other days, the clock, or a table that is built
    anew each time) is computed whole and compared; listing it only saves time.
-#}
{%- set days_of = {
    'average_order_value': [('fct_orders', 'ordered_on')],
    'content_comment_rate': [('fct_content_daily', 'measured_on')],
    'content_dwell_seconds': [('fct_content_daily', 'measured_on')],
    'content_engagement_rate': [('fct_content_daily', 'measured_on')],
    'content_share_rate': [('fct_content_daily', 'measured_on')],
    'conversion_rate': [('fct_orders', 'ordered_on'), ('fct_touches', 'touched_on')],
    'csat': [('fct_surveys', 'responded_on')],
    'first_response_within_target': [('fct_tickets', 'response_final_on')],
    'flagship_conversion': [('fct_orders', 'ordered_on'), ('fct_order_lines', 'ordered_on'), ('fct_touches', 'touched_on')],
    'gross_margin_rate': [('fct_order_lines', 'ordered_on')],
    'mention_sentiment': [('fct_mentions', 'mentioned_on')],
    'net_revenue': [('fct_order_lines', 'ordered_on'), ('fct_refunds', 'refunded_on')],
    'new_customers': [('fct_orders', 'ordered_on')],
    'nps': [('fct_surveys', 'responded_on')],
    'order_to_delivery_hours': [('fct_shipments', 'delivered_on')],
    'orders': [('fct_orders', 'ordered_on')],
    'play_completion_rate': [('fct_content_daily', 'measured_on')],
    'premium_share': [('fct_order_lines', 'ordered_on')],
    'recyclable_packaging_share': [('fct_shipments', 'handed_over_on')],
    'resolution_within_target': [('fct_tickets', 'resolution_final_on')],
    'shop_click_through_rate': [('fct_content_daily', 'measured_on')],
    'stock_out_rate': [('fct_inventory_daily', 'counted_on')],
    'vip_response_within_target': [('fct_tickets', 'response_final_on')],
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
