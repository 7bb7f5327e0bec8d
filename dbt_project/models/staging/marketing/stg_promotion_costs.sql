with

newest as (
    {{ newest_version('promotion_costs') }}
),

typed as (
    select
        cast(cost_id as string) as cost_id,
        cast(promotion_id as string) as promotion_id,
        cast(cost_on as date) as cost_on,
        cast(shop as string) as shop,
        cast(cost_kind as string) as cost_kind,
        cast(amount as decimal(18, 6)) as amount,
        cast(currency as string) as currency,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
