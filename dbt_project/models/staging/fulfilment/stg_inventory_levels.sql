with

newest as (
    {{ newest_version('inventory_levels') }}
),

typed as (
    select
        cast(warehouse as string) as warehouse,
        cast(product_id as string) as product_id,
        cast(counted_on as date) as counted_on,
        cast(on_hand as bigint) as on_hand,
        cast(unit_cost as decimal(18, 6)) as unit_cost,
        cast(cost_currency as string) as cost_currency,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
