-- One row per conversion. A first purchase is a purchase, too: nothing adds up across conversion_type.
with

orders as (
    select * from {{ ref('fct_orders') }}
    where not is_cancelled and not is_held
),

types as (
    {{ conversion_types() }}
),

conversions as (
    select
        types.conversion_type || ':' || orders.order_id as conversion_id,
        types.conversion_type,
        orders.order_id,
        orders.customer_key,
        orders.shop,
        orders.ordered_at as converted_at,
        orders.ordered_on as converted_on,
        orders.revenue,
        orders.refunds,
        orders.margin,
        cast(case when orders.is_first_order then 1 else 0 end as bigint) as new_customers
    from orders
    inner join types
        on
            types.conversion_type = 'purchase'
            or (types.conversion_type = 'first_purchase' and orders.is_first_order)
            or (types.conversion_type = 'repeat_purchase' and not orders.is_first_order)
)

select * from conversions
