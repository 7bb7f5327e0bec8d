with

newest as (
    {{ newest_version('shops') }}
),

typed as (
    select
        cast(shop as string) as shop,
        cast(shop_name as string) as shop_name,
        cast(shop_name_zh as string) as shop_name_zh,
        cast(shop_kind as string) as shop_kind,
        cast(region as string) as region,
        cast(currency as string) as currency,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
