-- Grain: one row a distinct combination of what channel rules look at, classified once for touches and spend alike.
with

touchpoints as (
    select
        source,
        medium,
        campaign,
        referrer,
        landing_page,
        click_id
    from {{ ref('stg_touchpoints') }}
),

ad_spend as (
    select distinct
        source,
        medium,
        campaign,
        cast(null as string) as referrer,
        cast(null as string) as landing_page,
        cast(null as string) as click_id
    from {{ ref('stg_ad_spend') }}
),

rules as (
    select * from {{ ref('channel_rules') }}
),

origins as (
    select * from touchpoints
    union all
    select * from ad_spend
),

combinations as (
    select distinct
        {{ channel_combination('rules') }}
    from origins
),

matches as (
    select
        combinations.source,
        combinations.medium,
        combinations.campaign,
        combinations.referrer_host,
        combinations.landing_page,
        combinations.click_id,
        rules.rule_order,
        rules.channel,
        rules.channel_group,
        rules.is_paid
    from combinations
    left join rules
        on
            {{ pattern_passes('rules.source_pattern', 'combinations.source') }}
            and {{ pattern_passes('rules.medium_pattern', 'combinations.medium') }}
            and {{ pattern_passes('rules.campaign_pattern', 'combinations.campaign') }}
            and {{ pattern_passes('rules.referrer_pattern', 'combinations.referrer_host') }}
            and {{ pattern_passes('rules.landing_page_pattern', 'combinations.landing_page') }}
            and {{ pattern_passes('rules.click_id_pattern', 'combinations.click_id') }}
),

first_matches as (
    select
        source,
        medium,
        campaign,
        referrer_host,
        landing_page,
        click_id,
        rule_order,
        coalesce(channel, '(other)') as channel,
        coalesce(channel_group, '(other)') as channel_group,
        coalesce(is_paid, false) as is_paid
    from matches
    qualify row_number() over (
        partition by source, medium, campaign, referrer_host, landing_page, click_id
        order by rule_order nulls last
    ) = 1
)

select * from first_matches
