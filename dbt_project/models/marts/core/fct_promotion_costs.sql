-- One row per cost of a promotion. cost adds up; NULL where held.
with

costs as (
    select * from {{ ref('stg_promotion_costs') }}
),

rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

converted as (
    select
        costs.cost_id,
        costs.promotion_id,
        costs.cost_on,
        coalesce(costs.shop, '(none)') as shop,
        coalesce(costs.cost_kind, '(none)') as cost_kind,
        costs.currency,
        costs.amount,
        {{ round_money(to_base('costs.amount', 'costs.currency', 'rates.rate'), 6) }} as cost
    from costs
    left join rates on costs.currency = rates.currency and costs.cost_on = rates.converted_on
),

flagged as (
    select
        cost_id,
        promotion_id,
        cost_on,
        shop,
        cost_kind,
        currency,
        amount,
        cost,
        cost is null as is_held
    from converted
)

select * from flagged
