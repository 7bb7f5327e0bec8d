-- Grain: one row a touch with its channel.
with

touchpoints as (
    select * from {{ ref('stg_touchpoints') }}
),

combinations as (
    select * from {{ ref('int_channel_combinations') }}
),

rules as (
    select landing_page_pattern from {{ ref('channel_rules') }}
),

touches as (
    select
        touch_id,
        {{ channel_combination('rules') }}
    from touchpoints
),

classified as (
    select
        touches.touch_id,
        combinations.channel,
        combinations.channel_group,
        combinations.is_paid
    from touches
    inner join combinations
        on
            touches.source = combinations.source
            and touches.medium = combinations.medium
            and touches.campaign = combinations.campaign
            and touches.referrer_host = combinations.referrer_host
            and touches.landing_page = combinations.landing_page
            and touches.click_id = combinations.click_id
)

select * from classified
