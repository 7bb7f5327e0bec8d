with

newest as (
    {{ newest_version('touchpoints') }}
),

typed as (
    select
        cast(touch_id as string) as touch_id,
        cast(touch_kind as string) as touch_kind,
        cast(touched_at as timestamp) as touched_at,
        cast(visitor_id as string) as visitor_id,
        cast(customer_id as string) as customer_id,
        cast(source as string) as source,
        cast(medium as string) as medium,
        cast(campaign as string) as campaign,
        cast(referrer as string) as referrer,
        cast(landing_page as string) as landing_page,
        cast(click_id as string) as click_id,
        cast(shop as string) as shop,
        cast(content_id as string) as content_id,
        cast(device as string) as device,
        cast(region as string) as region,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
