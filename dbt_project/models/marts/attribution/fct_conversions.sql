-- One row per conversion. A first purchase is a purchase, too: nothing adds up across conversion_type.
with

types as (
    select * from {{ ref('conversion_types') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where
        not is_cancelled
        and not is_held
        and {{ on_affected_days('int_affected_conversion_days', day='ordered_on') }}
),

touches as (
    select * from {{ ref('fct_touches') }}
),

ordered as (
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
        case when orders.is_first_order then 1 else 0 end as new_customers
    from orders
    inner join types
        on
            types.kind = 'order'
            or (types.kind = 'first_order' and orders.is_first_order)
            or (types.kind = 'repeat_order' and not orders.is_first_order)
),

milestones as (
    select
        types.conversion_type,
        types.counts,
        types.value,
        touches.touch_id,
        touches.customer_key,
        touches.shop,
        touches.touched_at,
        touches.touched_on,
        row_number() over (
            partition by types.conversion_type, touches.customer_key
            order by touches.touched_at, touches.touch_id
        ) as customer_milestone_number
    from touches
    inner join types
        on types.kind = 'touch' and touches.touch_kind = types.touch_kind
),

reached as (
    select
        conversion_type || ':' || touch_id as conversion_id,
        conversion_type,
        cast(null as string) as order_id,
        customer_key,
        shop,
        touched_at as converted_at,
        touched_on as converted_on,
        value as revenue,
        0 as refunds,
        cast(null as decimal(18, 2)) as margin,
        0 as new_customers
    from milestones
    where
        (counts = 'every' or customer_milestone_number = 1)
        and {{ on_affected_days('int_affected_conversion_days', day='touched_on') }}
),

conversions as (
    select * from ordered
    union all
    select * from reached
),

typed as (
    select
        conversion_id,
        conversion_type,
        order_id,
        customer_key,
        shop,
        converted_at,
        converted_on,
        cast(revenue as decimal(18, 2)) as revenue,
        cast(refunds as decimal(18, 2)) as refunds,
        margin,
        cast(new_customers as bigint) as new_customers
    from conversions
)

select * from typed
