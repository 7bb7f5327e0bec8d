-- Grain: one row a combination of what channel rules look at and rule that matches it, or one where none does.
with

touchpoints as (
    select
        source,
        medium,
        campaign,
        referrer,
        landing_page,
        click_id,
        1 as touches,
        0 as spend_rows
    from {{ ref('stg_touchpoints') }}
),

ad_spend as (
    select
        source,
        medium,
        campaign,
        cast(null as string) as referrer,
        cast(null as string) as landing_page,
        cast(null as string) as click_id,
        0 as touches,
        1 as spend_rows
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

described as (
    select
        {{ channel_combination('rules') }},
        touches,
        spend_rows
    from origins
),

combinations as (
    select
        source,
        medium,
        campaign,
        referrer_host,
        landing_page,
        click_id,
        cast(sum(touches) as bigint) as touches,
        cast(sum(spend_rows) as bigint) as spend_rows
    from described
    group by source, medium, campaign, referrer_host, landing_page, click_id
),

matches as (
    select
        combinations.source,
        combinations.medium,
        combinations.campaign,
        combinations.referrer_host,
        combinations.landing_page,
        combinations.click_id,
        combinations.touches,
        combinations.spend_rows,
        rules.rule_order,
        min(rules.rule_order) over (
            partition by
                combinations.source,
                combinations.medium,
                combinations.campaign,
                combinations.referrer_host,
                combinations.landing_page,
                combinations.click_id
        ) as first_rule_order,
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
)

select * from matches
