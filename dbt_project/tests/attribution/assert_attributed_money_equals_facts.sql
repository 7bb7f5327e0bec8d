-- Attributed plus unattributed money is the facts', to the cent, under every model: no model makes or loses money. The
-- facts are counted from orders and touches again, not from the conversions that the models shared.
with

orders as (
    select * from {{ ref('fct_orders') }}
    where not is_cancelled and not is_held
),

types as (
    select * from {{ ref('conversion_types') }}
),

ordered as (
    select
        types.conversion_type,
        count(orders.order_id) as conversions,
        sum(orders.revenue) as revenue,
        sum(orders.refunds) as refunds,
        sum(orders.margin) as margin
    from types
    left join orders
        on
            types.kind = 'order'
            or (types.kind = 'first_order' and orders.is_first_order)
            or (types.kind = 'repeat_order' and not orders.is_first_order)
    where types.kind <> 'touch'
    group by types.conversion_type
),

reached as (
    select
        types.conversion_type,
        case
            when types.counts = 'every' then count(touches.touch_id) else count(distinct touches.customer_key)
        end as conversions,
        types.value
    from types
    left join {{ ref('fct_touches') }} as touches
        on types.touch_kind = touches.touch_kind
    where types.kind = 'touch'
    group by types.conversion_type, types.counts, types.value
),

facts as (
    select * from ordered
    union all
    select
        conversion_type,
        conversions,
        conversions * value as revenue,
        0 as refunds,
        0 as margin
    from reached
),

expected as (
    select
        models.model_id,
        facts.conversion_type,
        facts.conversions,
        coalesce(facts.revenue, 0) as revenue,
        coalesce(facts.refunds, 0) as refunds,
        coalesce(facts.margin, 0) as margin
    from facts
    inner join {{ ref('int_model_specifications') }} as models
        on facts.conversion_type = models.conversion_type
    where models.is_path_level
),

attributed as (
    select
        model_id,
        conversion_type,
        count(distinct conversion_id) as conversions,
        coalesce(sum(attributed_revenue), 0) as revenue,
        coalesce(sum(attributed_refunds), 0) as refunds,
        coalesce(sum(attributed_margin), 0) as margin
    from {{ ref('touch_credits') }}
    group by model_id, conversion_type
),

unequal as (
    select
        coalesce(expected.model_id, attributed.model_id) as model_id,
        coalesce(expected.conversion_type, attributed.conversion_type) as conversion_type
    from expected
    full outer join attributed
        on
            expected.model_id = attributed.model_id
            and expected.conversion_type = attributed.conversion_type
    where
        coalesce(expected.conversions, 0) <> coalesce(attributed.conversions, 0)
        or coalesce(expected.revenue, 0) <> coalesce(attributed.revenue, 0)
        or coalesce(expected.refunds, 0) <> coalesce(attributed.refunds, 0)
        or coalesce(expected.margin, 0) <> coalesce(attributed.margin, 0)
)

select * from unequal
