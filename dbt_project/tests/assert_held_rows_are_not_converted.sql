-- An amount without a rate must be left out, never taken at 1: held rows carry no base amount, all others do.
with

facts as (
    select
        'orders' as entity,
        order_id as row_id,
        is_held,
        revenue as base_amount
    from {{ ref('fct_orders') }}
    union all
    select
        'order_lines' as entity,
        order_id || '/' || line_id as row_id,
        is_held,
        revenue as base_amount
    from {{ ref('fct_order_lines') }}
    union all
    select
        'refunds' as entity,
        refund_id as row_id,
        is_held,
        refund_amount as base_amount
    from {{ ref('fct_refunds') }}
    union all
    select
        'ad_spend' as entity,
        spend_id as row_id,
        is_held,
        spend as base_amount
    from {{ ref('fct_ad_spend') }}
),

wrong as (
    select
        entity,
        row_id
    from facts
    where is_held <> (base_amount is null)
)

select * from wrong
