with

newest as (
    {{ newest_version('ad_spend') }}
),

typed as (
    select
        cast(spend_id as string) as spend_id,
        cast(spend_on as date) as spend_on,
        cast(source as string) as source,
        cast(medium as string) as medium,
        cast(campaign as string) as campaign,
        cast(ad_group as string) as ad_group,
        cast(impressions as bigint) as impressions,
        cast(clicks as bigint) as clicks,
        cast(spend as decimal(18, 6)) as spend,
        cast(currency as string) as currency,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
