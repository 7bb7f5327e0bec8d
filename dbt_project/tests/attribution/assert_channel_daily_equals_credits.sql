-- The daily mart is the credits summed: a join that lost or doubled a row would show here.
with

credits as (
    select
        model_id,
        conversion_type,
        sum(credit) as conversions,
        sum(attributed_revenue) as revenue,
        sum(attributed_refunds) as refunds,
        sum(attributed_margin) as margin
    from {{ ref('touch_credits') }}
    group by model_id, conversion_type
),

daily as (
    select
        model_id,
        conversion_type,
        sum(conversions) as conversions,
        sum(revenue) as revenue,
        sum(refunds) as refunds,
        sum(margin) as margin
    from {{ ref('channel_attribution_daily') }}
    group by model_id, conversion_type
),

unequal as (
    select
        credits.model_id,
        credits.conversion_type
    from credits
    full outer join daily
        on credits.model_id = daily.model_id and credits.conversion_type = daily.conversion_type
    where
        (
            abs(credits.conversions - daily.conversions) <= 1e-9 * credits.conversions
            and credits.revenue = daily.revenue
            and credits.refunds = daily.refunds
            and coalesce(credits.margin, 0) = coalesce(daily.margin, 0)
        ) is not true
)

select * from unequal
