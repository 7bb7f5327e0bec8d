-- What no rule matches must not vanish: the touches and spend rows of channel (other) are those that the findings
-- count, unless a rule of the company's own gives (other), too.
with

reported as (
    select
        coalesce(sum(touches), 0) as touches,
        coalesce(sum(spend_rows), 0) as spend_rows
    from {{ ref('channel_rule_findings') }}
    where finding = 'unmatched'
),

touches as (
    select count(*) as touches from {{ ref('fct_touches') }}
    where channel = '(other)'
),

spend as (
    select count(*) as spend_rows from {{ ref('fct_ad_spend') }}
    where channel = '(other)'
),

own_rules as (
    select count(*) as own_rules from {{ ref('channel_rules') }}
    where channel = '(other)'
),

compared as (
    select
        reported.touches as reported_touches,
        touches.touches,
        reported.spend_rows as reported_spend_rows,
        spend.spend_rows
    from reported
    cross join touches
    cross join spend
    cross join own_rules
    where
        own_rules.own_rules = 0
        and (reported.touches <> touches.touches or reported.spend_rows <> spend.spend_rows)
)

select * from compared
