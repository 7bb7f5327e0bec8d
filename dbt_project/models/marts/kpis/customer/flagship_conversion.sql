-- One row per day and shop: orders with a flagship product over visits, both additive.
with

flagship_lines as (
    select order_id from {{ ref('fct_order_lines') }}
    where is_flagship
),

orders as (
    select
        orders.ordered_on,
        orders.shop
    from {{ ref('fct_orders') }} as orders
    semi join flagship_lines on orders.order_id = flagship_lines.order_id
    where not orders.is_cancelled
),

visits as (
    select
        touched_on,
        shop
    from {{ ref('fct_touches') }}
    where touch_kind = 'visit'
),

flows as (
    select
        ordered_on as measured_on,
        shop,
        count(*) as orders,
        0 as visits
    from orders
    group by ordered_on, shop
    union all
    select
        touched_on,
        shop,
        0 as orders,
        count(*) as visits
    from visits
    group by touched_on, shop
),

summed as (
    select
        measured_on,
        'shop' as dimension,
        shop as dimension_value,
        cast(sum(orders) as decimal(28, 10)) as numerator,
        cast(sum(visits) as decimal(28, 10)) as denominator,
        cast(sum(visits) as bigint) as sample_size
    from flows
    group by measured_on, shop
)

select * from summed
