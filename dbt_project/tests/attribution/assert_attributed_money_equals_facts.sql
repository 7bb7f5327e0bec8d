-- Attributed plus unattributed money is the facts', to the cent, under every model: no model makes or loses money.
with

orders as (
    select * from {{ ref('fct_orders') }}
    where not is_cancelled and not is_held
),

facts as (
    select
        'purchase' as conversion_type,
        count(*) as conversions,
        sum(revenue) as revenue,
        sum(refunds) as refunds,
        sum(margin) as margin
    from orders
    union all
    select
        'first_purchase' as conversion_type,
        count(*) as conversions,
        sum(revenue) as revenue,
        sum(refunds) as refunds,
        sum(margin) as margin
    from orders
    where is_first_order
    union all
    select
        'repeat_purchase' as conversion_type,
        count(*) as conversions,
        sum(revenue) as revenue,
        sum(refunds) as refunds,
        sum(margin) as margin
    from orders
    where not is_first_order
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
        expected.model_id,
        expected.conversion_type
    from expected
    left join attributed
        on
            expected.model_id = attributed.model_id
            and expected.conversion_type = attributed.conversion_type
    where
        expected.conversions <> coalesce(attributed.conversions, 0)
        or expected.revenue <> coalesce(attributed.revenue, 0)
        or expected.refunds <> coalesce(attributed.refunds, 0)
        or expected.margin <> coalesce(attributed.margin, 0)
)

select * from unequal
