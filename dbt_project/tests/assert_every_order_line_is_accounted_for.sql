-- A line is a fact, or is held because its order never came, or belongs to an order after as_of: never nothing, never two.
with

lines as (
    select
        order_id,
        line_id
    from {{ ref('stg_order_lines') }}
),

facts as (
    select
        order_id,
        line_id
    from {{ ref('fct_order_lines') }}
),

held as (
    select row_id from {{ ref('held_rows') }}
    where entity = 'order_lines' and reason like 'order unknown%'
),

later as (
    select known.order_id
    from {{ ref('int_orders_known') }} as known
    left join {{ ref('stg_orders') }} as orders on known.order_id = orders.order_id
    where orders.order_id is null
),

places as (
    select
        lines.order_id,
        lines.line_id,
        case when facts.order_id is null then 0 else 1 end
        + case when held.row_id is null then 0 else 1 end
        + case when later.order_id is null then 0 else 1 end as place_count
    from lines
    left join facts on lines.order_id = facts.order_id and lines.line_id = facts.line_id
    left join held on lines.order_id || '/' || lines.line_id = held.row_id
    left join later on lines.order_id = later.order_id
),

wrong as (
    select
        order_id,
        line_id
    from places
    where place_count <> 1
)

select * from wrong
