-- Grain: one row a visitor id that was seen to belong to a customer. The newest sighting wins.
with

logins as (
    select
        visitor_id,
        customer_id,
        linked_at
    from {{ ref('stg_identity_links') }}
),

touchpoints as (
    select
        visitor_id,
        customer_id,
        touched_at as linked_at
    from {{ ref('stg_touchpoints') }}
),

orders as (
    select
        visitor_id,
        customer_id,
        ordered_at as linked_at
    from {{ ref('stg_orders') }}
),

sightings as (
    select * from logins
    union all
    select * from touchpoints
    where visitor_id is not null and customer_id is not null
    union all
    select * from orders
    where visitor_id is not null and customer_id is not null
),

newest as (
    select
        visitor_id,
        customer_id,
        max(linked_at) as linked_at
    from sightings
    group by visitor_id, customer_id
    qualify row_number() over (partition by visitor_id order by max(linked_at) desc, customer_id) = 1
)

select * from newest
