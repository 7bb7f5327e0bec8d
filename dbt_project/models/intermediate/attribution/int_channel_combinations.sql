-- Grain: one row a distinct combination of what channel rules look at, classified once for touches and spend alike.
with

matches as (
    select * from {{ ref('int_channel_rule_matches') }}
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
    where rule_order is null or rule_order = first_rule_order
)

select * from first_matches
