-- One row per KPI, day, dimension and value. Adds up over days and values of one dimension, never across dimensions.
{%- set kpis = [
    'cac',
    'content_engagement_rate',
    'conversion_rate',
    'csat',
    'first_response_within_target',
    'gross_margin_rate',
    'multi_touch_contribution',
    'net_revenue',
    'on_time_delivery_rate',
    'order_to_delivery_hours',
    'paid_cac',
    'repurchase_rate',
    'roas',
    'training_hours',
] %}
with

united as (
    {%- for kpi in kpis %}
        select
            cast('{{ kpi }}' as string) as kpi_id,
            measured_on,
            cast(dimension as string) as dimension,
            cast(dimension_value as string) as dimension_value,
            numerator,
            denominator,
            sample_size
        from {{ ref(kpi) }}
        where {{ on_affected_kpi_days(kpi) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from united
