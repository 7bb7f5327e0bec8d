-- One row per day, shop and visitor: a device or account before identity linking. Visitors never add up, over anything.
with

visits as (
    select * from {{ ref('fct_touches') }}
    where touch_kind = 'visit'
),

visitors as (
    select distinct
        touched_on as measured_on,
        'shop' as dimension,
        shop as dimension_value,
        coalesce(visitor_id, customer_key) as entity_id,
        cast(1 as double) as amount
    from visits
)

select * from visitors
