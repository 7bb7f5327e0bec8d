-- Grain: one row a touch with the customer it counts for.
with

touchpoints as (
    select
        touch_id,
        visitor_id,
        customer_id
    from {{ ref('stg_touchpoints') }}
),

links as (
    select
        visitor_id,
        customer_id
    from {{ ref('int_identity_links') }}
),

keyed as (
    select
        touchpoints.touch_id,
        coalesce(
            touchpoints.customer_id,
            links.customer_id,
            'visitor:' || touchpoints.visitor_id,
            'touch:' || touchpoints.touch_id
        ) as customer_key
    from touchpoints
    left join links
        on touchpoints.visitor_id = links.visitor_id
)

select * from keyed
