-- Revenue is of orders not cancelled; a refund of a cancelled order would take off what was never counted.
with

counted as (
    select
        order_id,
        revenue as amount
    from {{ ref('fct_orders') }}
    where is_cancelled
    union all
    select
        order_id,
        margin as amount
    from {{ ref('fct_orders') }}
    where is_cancelled
    union all
    select
        order_id,
        revenue as amount
    from {{ ref('fct_order_lines') }}
    where is_cancelled
    union all
    select
        order_id,
        refund_amount as amount
    from {{ ref('fct_refunds') }}
    where is_cancelled
),

wrong as (
    select order_id
    from counted
    where amount is distinct from 0
)

select * from wrong
