-- One row per channel rule that never decides, and per combination that no rule matches. Of unmatched rows touches and
-- spend_rows add up; those of shadowed rules overlap, since one combination may match several rules.
with

matches as (
    select * from {{ ref('int_channel_rule_matches') }}
),

rules as (
    select * from {{ ref('channel_rules') }}
),

reached as (
    select
        rule_order,
        count(*) as combinations,
        sum(touches) as touches,
        sum(spend_rows) as spend_rows
    from matches
    group by rule_order
    having count(case when rule_order = first_rule_order then 1 end) = 0
),

takers as (
    select distinct
        matches.rule_order,
        matches.first_rule_order
    from matches
    inner join reached
        on matches.rule_order = reached.rule_order
),

earlier as (
    select
        rule_order,
        {{ ordered_text('first_rule_order', 'first_rule_order') }} as earlier_rules
    from takers
    group by rule_order
),

shadowed as (
    select
        'shadowed' as finding,
        rules.rule_order,
        rules.channel,
        cast(null as string) as source,
        cast(null as string) as medium,
        cast(null as string) as campaign,
        cast(null as string) as referrer_host,
        cast(null as string) as click_id,
        earlier.earlier_rules,
        reached.combinations,
        reached.touches,
        reached.spend_rows
    from reached
    inner join earlier
        on reached.rule_order = earlier.rule_order
    inner join rules
        on reached.rule_order = rules.rule_order
),

never_matched as (
    select
        'never_matched' as finding,
        rules.rule_order,
        rules.channel,
        cast(null as string) as source,
        cast(null as string) as medium,
        cast(null as string) as campaign,
        cast(null as string) as referrer_host,
        cast(null as string) as click_id,
        cast(null as string) as earlier_rules,
        0 as combinations,
        0 as touches,
        0 as spend_rows
    from rules
    left join matches
        on rules.rule_order = matches.rule_order
    where matches.rule_order is null
),

-- Landing pages are left out: they may hold what is personal.
unmatched as (
    select
        'unmatched' as finding,
        cast(null as bigint) as rule_order,
        '(other)' as channel,
        source,
        medium,
        campaign,
        referrer_host,
        click_id,
        cast(null as string) as earlier_rules,
        count(*) as combinations,
        sum(touches) as touches,
        sum(spend_rows) as spend_rows
    from matches
    where rule_order is null
    group by source, medium, campaign, referrer_host, click_id
),

findings as (
    select * from shadowed
    union all
    select * from never_matched
    union all
    select * from unmatched
),

typed as (
    select
        cast(
            case
                when finding <> 'unmatched' then 'rule:' || cast(rule_order as string)
                else 'combination:' || {{ combination_hash() }}
            end as string
        ) as finding_id,
        cast(finding as string) as finding,
        cast(rule_order as bigint) as rule_order,
        cast(channel as string) as channel,
        cast(source as string) as source,
        cast(medium as string) as medium,
        cast(campaign as string) as campaign,
        cast(referrer_host as string) as referrer_host,
        cast(click_id as string) as click_id,
        cast(earlier_rules as string) as earlier_rules,
        cast(combinations as bigint) as combinations,
        cast(touches as bigint) as touches,
        cast(spend_rows as bigint) as spend_rows,
        cast({{ channel_rule_sentence() }} as string) as sentence
    from findings
)

select * from typed
