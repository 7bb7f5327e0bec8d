-- Grain: one row a day of the touch, conversion_type, model, channel and campaign. A conversion that no touch earned
-- stands on its own day.
with

touches as (
    select * from {{ ref('fct_touches') }}
    where {{ on_affected_days('int_affected_touch_credit_days', day='touched_on') }}
),

conversions as (
    select * from {{ ref('fct_conversions') }}
),

unearned_conversions as (
    select * from conversions
    where {{ on_affected_days('int_affected_touch_credit_days', day='converted_on') }}
),

credits as (
    select * from {{ ref('touch_credits') }}
),

-- fct_touch_credits in two parts, so that an increment reads no credits of other days' touches.
dated as (
    select
        touches.touched_on as credited_on,
        credits.conversion_type,
        credits.model_id,
        touches.channel,
        touches.campaign,
        credits.credit,
        credits.attributed_revenue,
        credits.attributed_refunds,
        credits.attributed_margin,
        credits.credit * conversions.new_customers as attributed_new_customers
    from credits
    inner join touches
        on credits.touch_id = touches.touch_id
    inner join conversions
        on credits.conversion_id = conversions.conversion_id
    union all
    select
        conversions.converted_on as credited_on,
        credits.conversion_type,
        credits.model_id,
        '(unattributed)' as channel,
        '(none)' as campaign,
        credits.credit,
        credits.attributed_revenue,
        credits.attributed_refunds,
        credits.attributed_margin,
        credits.credit * conversions.new_customers as attributed_new_customers
    from credits
    inner join unearned_conversions as conversions
        on credits.conversion_id = conversions.conversion_id
    where credits.touch_id is null
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
