-- Grain: one row a row of ad spend with its channel, by the rules that touches follow.
with

ad_spend as (
    select * from {{ ref('stg_ad_spend') }}
),

combinations as (
    select * from {{ ref('int_channel_combinations') }}
    where referrer_host = '' and landing_page = '' and click_id = ''
),

classified as (
    select
        ad_spend.spend_id,
        combinations.channel,
        combinations.channel_group,
        combinations.is_paid
    from ad_spend
    inner join combinations
        on
            lower(coalesce(ad_spend.source, '')) = combinations.source
            and lower(coalesce(ad_spend.medium, '')) = combinations.medium
            and lower(coalesce(ad_spend.campaign, '')) = combinations.campaign
)

select * from classified
