-- One row per order that the lake knows, orders after as_of included: what tells a line whose order
-- never came (held) from a line whose order lies after as_of (not read).
with

known as (
    select distinct cast(order_id as string) as order_id
    from {{ lake('orders') }}
    where _exported_at <= {{ known_until() }}
)

select * from known
