-- Grain: one row a day of the touch, conversion_type, model, channel and campaign. A conversion that no touch earned
-- stands on its own day.
with

credits as (
    select * from {{ ref('fct_touch_credits') }}
),

dated as (
    select
        coalesce(touched_on, converted_on) as credited_on,
        conversion_type,
        model_id,
        channel,
        campaign,
        credit,
        attributed_revenue,
        attributed_refunds,
        attributed_margin,
        attributed_new_customers
    from credits
),

daily as (
    select
        credited_on,
        conversion_type,
        model_id,
        channel,
        campaign,
        {{ exact_sum('credit') }} as conversions,
        cast(sum(attributed_revenue) as decimal(18, 2)) as revenue,
        cast(sum(attributed_refunds) as decimal(18, 2)) as refunds,
        cast(sum(attributed_margin) as decimal(18, 2)) as margin,
        {{ exact_sum('attributed_new_customers') }} as new_customers
    from dated
    group by credited_on, conversion_type, model_id, channel, campaign
)

select * from daily
