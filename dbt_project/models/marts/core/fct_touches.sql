-- One row per touch. Rows add up; customers and visitors do not.
with

touches as (
    select * from {{ ref('stg_touchpoints') }}
),

channels as (
    select * from {{ ref('int_touch_channels') }}
),

customers as (
    select * from {{ ref('int_touch_customers') }}
),

classified as (
    select
        touches.touch_id,
        touches.visitor_id,
        customers.customer_key,
        touches.touched_at,
        {{ business_day('touches.touched_at') }} as touched_on,
        touches.touch_kind,
        channels.channel,
        channels.channel_group,
        channels.is_paid,
        coalesce(touches.campaign, '(none)') as campaign,
        coalesce(touches.shop, '(none)') as shop,
        coalesce(touches.device, '(none)') as device,
        coalesce(touches.region, '(none)') as region
    from touches
    left join channels on touches.touch_id = channels.touch_id
    left join customers on touches.touch_id = customers.touch_id
)

select * from classified
