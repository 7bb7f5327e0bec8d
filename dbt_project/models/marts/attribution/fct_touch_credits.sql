-- One row per conversion, model and touch with credit. Nothing adds up across model_id or conversion_type.
with

credits as (
    select * from {{ ref('touch_credits') }}
),

conversions as (
    select * from {{ ref('fct_conversions') }}
),

touches as (
    select * from {{ ref('fct_touches') }}
),

described as (
    select
        credits.conversion_id,
        conversions.order_id,
        credits.conversion_type,
        credits.model_id,
        credits.touch_id,
        conversions.customer_key,
        coalesce(touches.channel, '(unattributed)') as channel,
        coalesce(touches.channel_group, '(unattributed)') as channel_group,
        coalesce(touches.campaign, '(none)') as campaign,
        conversions.shop,
        touches.touched_at,
        touches.touched_on,
        conversions.converted_at,
        conversions.converted_on,
        credits.position,
        credits.path_length,
        {{ hours_between('touches.touched_at', 'conversions.converted_at') }} as hours_to_conversion,
        credits.credit,
        credits.attributed_revenue,
        credits.attributed_refunds,
        credits.attributed_margin,
        credits.credit * conversions.new_customers as attributed_new_customers
    from credits
    inner join conversions
        on credits.conversion_id = conversions.conversion_id
    left join touches
        on credits.touch_id = touches.touch_id
)

select * from described
