-- One row per day and campaign or ad group of an ad platform. spend adds up; NULL where held.
with

spend as (
    select * from {{ ref('stg_ad_spend') }}
    where {{ on_affected_days('int_affected_spend_days', day='spend_on') }}
),

channels as (
    select * from {{ ref('int_spend_channels') }}
),

rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

converted as (
    select
        spend.spend_id,
        spend.spend_on,
        spend.source,
        channels.channel,
        channels.channel_group,
        channels.is_paid,
        coalesce(spend.campaign, '(none)') as campaign,
        coalesce(spend.impressions, 0) as impressions,
        coalesce(spend.clicks, 0) as clicks,
        spend.currency,
        spend.spend as amount,
        {{ round_money(to_base('spend.spend', 'spend.currency', 'rates.rate'), 6) }} as spend
    from spend
    left join channels on spend.spend_id = channels.spend_id
    left join rates on spend.currency = rates.currency and spend.spend_on = rates.converted_on
),

flagged as (
    select
        spend_id,
        spend_on,
        source,
        channel,
        channel_group,
        is_paid,
        campaign,
        impressions,
        clicks,
        currency,
        amount,
        spend,
        spend is null as is_held
    from converted
)

select * from flagged
