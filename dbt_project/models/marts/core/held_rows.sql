-- One row per row of a fact that is kept out of the sums, and why. Amounts stand in their own currency and do not add up.
with

orders as (
    select * from {{ ref('fct_orders') }}
),

lines as (
    select * from {{ ref('stg_order_lines') }}
),

costs as (
    select * from {{ ref('int_order_lines_converted') }}
),

known as (
    select * from {{ ref('int_orders_known') }}
),

suspects as (
    select * from {{ ref('suspect_ids') }}
),

refunds as (
    select * from {{ ref('int_refunds_converted') }}
),

held_refunds as (
    select * from {{ ref('fct_refunds') }}
),

spend as (
    select * from {{ ref('fct_ad_spend') }}
),

promotion_costs as (
    select * from {{ ref('fct_promotion_costs') }}
),

stock as (
    select * from {{ ref('fct_inventory_daily') }}
),

unknown as (
    select
        lines.order_id,
        lines.line_id,
        lines.line_amount,
        {{ folded_id('lines.order_id') }} as folded_id
    from lines
    left join known on lines.order_id = known.order_id
    where known.order_id is null
),

held as (
    select
        'orders' as entity,
        order_id as row_id,
        ordered_on as held_on,
        currency,
        line_amount as amount,
        'no rate' as reason
    from orders
    where is_held

    union all

    select
        'order_lines' as entity,
        unknown.order_id || '/' || unknown.line_id as row_id,
        cast(null as date) as held_on,
        cast(null as string) as currency,
        unknown.line_amount as amount,
        'order unknown' || coalesce(
            '; ' || suspects.known_id || ' differs only in '
            || {{ spelling_difference('unknown.order_id', 'suspects.known_id') }},
            ''
        ) as reason
    from unknown
    left join suspects on unknown.folded_id = suspects.folded_id and suspects.entity = 'orders'

    union all

    select
        'order_lines' as entity,
        order_id || '/' || line_id as row_id,
        ordered_on as held_on,
        cost_currency as currency,
        cost_amount as amount,
        'no rate for its cost' as reason
    from costs
    where not is_cancelled and base_amount is not null and cost_amount is not null and base_cost is null

    union all

    select
        'refunds' as entity,
        held_refunds.refund_id as row_id,
        held_refunds.refunded_on as held_on,
        held_refunds.currency,
        held_refunds.amount,
        case
            when held_refunds.currency is null then 'currency unknown'
            when refunds.is_order_unconverted then 'order held'
            else 'no rate'
        end as reason
    from held_refunds
    inner join refunds on held_refunds.refund_id = refunds.refund_id
    where held_refunds.is_held

    union all

    select
        'ad_spend' as entity,
        spend_id as row_id,
        spend_on as held_on,
        currency,
        amount,
        'no rate' as reason
    from spend
    where is_held

    union all

    select
        'promotion_costs' as entity,
        cost_id as row_id,
        cost_on as held_on,
        currency,
        amount,
        'no rate' as reason
    from promotion_costs
    where is_held

    union all

    select
        'inventory_levels' as entity,
        warehouse || '/' || product_id || '/' || cast(counted_on as string) as row_id,
        counted_on as held_on,
        currency,
        amount,
        'no rate for its cost' as reason
    from stock
    where amount is not null and stock_value is null
),

typed as (
    select
        entity,
        row_id,
        held_on,
        currency,
        cast(amount as decimal(18, 6)) as amount,
        reason
    from held
)

select * from typed
