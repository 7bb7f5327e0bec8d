-- One row per day of conversion, conversion_type, model_id, channel, campaign and shop of the conversion.
-- Nothing adds up across model_id or conversion_type.
with

credits as (
    select * from {{ ref('fct_touch_credits') }}
    where {{ on_affected_days('int_affected_attribution_days', day='converted_on') }}
),

daily as (
    select
        converted_on as conversion_on,
        conversion_type,
        model_id,
        channel,
        campaign,
        shop,
        {{ exact_sum('credit') }} as conversions,
        cast(sum(attributed_revenue) as decimal(18, 2)) as revenue,
        cast(sum(attributed_refunds) as decimal(18, 2)) as refunds,
        cast(sum(attributed_margin) as decimal(18, 2)) as margin,
        {{ exact_sum('attributed_new_customers') }} as new_customers
    from credits
    group by converted_on, conversion_type, model_id, channel, campaign, shop
)

select * from daily
