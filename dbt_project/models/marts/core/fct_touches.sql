-- One row per touch. Rows add up; customers and visitors do not.
with

rules as (
    select landing_page_pattern from {{ ref('channel_rules') }}
),

touches as (
    select
        *,
        {{ channel_combination('rules', 'combined_') }}
    from {{ ref('stg_touchpoints') }}
    where {{ on_affected_days('int_affected_touch_days', instant='touched_at') }}
),

combinations as (
    select * from {{ ref('int_channel_combinations') }}
),

links as (
    select * from {{ ref('int_identity_links') }}
),

classified as (
    select
        touches.touch_id,
        touches.visitor_id,
        coalesce(
            touches.customer_id,
            links.customer_id,
            'visitor:' || touches.visitor_id,
            'touch:' || touches.touch_id
        ) as customer_key,
        touches.touched_at,
        {{ business_day('touches.touched_at') }} as touched_on,
        touches.touch_kind,
        combinations.channel,
        combinations.channel_group,
        combinations.is_paid,
        coalesce(touches.campaign, '(none)') as campaign,
        coalesce(touches.shop, '(none)') as shop,
        coalesce(touches.device, '(none)') as device,
        coalesce(touches.region, '(none)') as region
    from touches
    left join combinations
        on
            touches.combined_source = combinations.source
            and touches.combined_medium = combinations.medium
            and touches.combined_campaign = combinations.campaign
            and touches.combined_referrer_host = combinations.referrer_host
            and touches.combined_landing_page = combinations.landing_page
            and touches.combined_click_id = combinations.click_id
    left join links on touches.visitor_id = links.visitor_id
)

select * from classified
