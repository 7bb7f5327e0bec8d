-- One row per KPI, day, dimension and value. Adds up over days and values of one dimension, never across dimensions.
{%- set kpis = [
    'average_order_value',
    'cac',
    'certification_coverage',
    'content_comment_rate',
    'content_dwell_seconds',
    'content_engagement_rate',
    'content_share_rate',
    'conversion_rate',
    'csat',
    'first_response_within_target',
    'flagship_conversion',
    'gross_margin_rate',
    'high_value_reach',
    'idea_adoption',
    'internal_promotion_rate',
    'inventory_turnover',
    'knowledge_contributions',
    'ltv_180',
    'ltv_365',
    'ltv_90',
    'market_share',
    'marketing_efficiency',
    'mention_sentiment',
    'multi_touch_contribution',
    'net_revenue',
    'new_customers',
    'nps',
    'on_time_delivery_rate',
    'on_time_in_full',
    'order_to_delivery_hours',
    'orders',
    'paid_cac',
    'play_completion_rate',
    'premium_share',
    'pulse_engagement',
    'recyclable_packaging_share',
    'refund_rate',
    'repurchase_rate',
    'resolution_within_target',
    'return_on_promotion',
    'returns_avoided',
    'roas',
    'shop_click_through_rate',
    'skill_gain',
    'stock_out_rate',
    'talent_retention',
    'vip_response_within_target',
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
