-- One row per KPI, day, dimension and value. Adds up over days and values of one dimension, never across dimensions.
{%- set kpis = [
    'cac',
    'certification_coverage',
    'content_engagement_rate',
    'conversion_rate',
    'csat',
    'first_response_within_target',
    'gross_margin_rate',
    'idea_adoption',
    'internal_promotion_rate',
    'knowledge_contributions',
    'mention_sentiment',
    'multi_touch_contribution',
    'net_revenue',
    'nps',
    'on_time_delivery_rate',
    'order_to_delivery_hours',
    'paid_cac',
    'pulse_engagement',
    'recyclable_packaging_share',
    'repurchase_rate',
    'returns_avoided',
    'roas',
    'skill_gain',
    'talent_retention',
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
