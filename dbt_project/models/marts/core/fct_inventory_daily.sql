-- One row per warehouse, product and day counted. Adds up over products and warehouses, never over days.
with

levels as (
    select * from {{ ref('stg_inventory_levels') }}
    where {{ on_affected_days('int_affected_stock_days', day='counted_on') }}
),

products as (
    select * from {{ ref('stg_products') }}
),

rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

costed as (
    select
        levels.warehouse,
        levels.product_id,
        coalesce(products.category, '(none)') as category,
        levels.counted_on,
        levels.on_hand,
        cast(levels.on_hand * coalesce(levels.unit_cost, products.unit_cost) as decimal(18, 6)) as amount,
        case
            when levels.unit_cost is null then products.cost_currency
            else levels.cost_currency
        end as currency
    from levels
    left join products on levels.product_id = products.product_id
),

valued as (
    select
        costed.warehouse,
        costed.product_id,
        costed.category,
        costed.counted_on,
        costed.on_hand,
        costed.currency,
        costed.amount,
        {{ round_money(to_base('costed.amount', 'costed.currency', 'rates.rate')) }} as stock_value
    from costed
    left join rates on costed.currency = rates.currency and costed.counted_on = rates.converted_on
)

select * from valued
