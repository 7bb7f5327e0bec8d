-- as_of is a promise: no fact after it may reach a mart, or a past day rebuilt would know its future.
with

instants as (
    select ordered_at as happened_at from {{ ref('fct_orders') }}
    union all
    select touched_at as happened_at from {{ ref('fct_touches') }}
    union all
    select refunded_at as happened_at from {{ ref('fct_refunds') }}
    union all
    select delivered_at as happened_at from {{ ref('fct_shipments') }}
    union all
    select first_responded_at as happened_at from {{ ref('fct_tickets') }}
    union all
    select responded_at as happened_at from {{ ref('fct_surveys') }}
    union all
    select mentioned_at as happened_at from {{ ref('fct_mentions') }}
),

later as (
    select happened_at
    from instants
    where happened_at > {{ as_of() }}
)

select * from later
