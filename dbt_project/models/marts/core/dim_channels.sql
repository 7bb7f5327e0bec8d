-- Grain: one row a channel that rules can give, and one each for what no rule or no touch explains.
with

rules as (
    select * from {{ ref('channel_rules') }}
),

named as (
    select
        channel,
        channel_group,
        is_paid,
        name,
        name_zh
    from rules
    qualify row_number() over (partition by channel order by rule_order) = 1
),

unnamed as (
    select
        '(other)' as channel,
        '(other)' as channel_group,
        false as is_paid,
        'Other' as name,
        '其他' as name_zh
    union all
    select
        '(unattributed)' as channel,
        '(unattributed)' as channel_group,
        false as is_paid,
        'Unattributed' as name,
        '未归因' as name_zh
),

channels as (
    select
        channel,
        channel_group,
        is_paid,
        name,
        name_zh
    from named
    union all
    select
        unnamed.channel,
        unnamed.channel_group,
        unnamed.is_paid,
        unnamed.name,
        unnamed.name_zh
    from unnamed
    left join named
        on unnamed.channel = named.channel
    where named.channel is null
),

typed as (
    select
        cast(channel as string) as channel,
        cast(channel_group as string) as channel_group,
        cast(is_paid as boolean) as is_paid,
        cast(name as string) as name,
        cast(name_zh as string) as name_zh
    from channels
)

select * from typed
