-- Whoever reads what made revenue change adds the parts up: they must give the change to the cent, in each shop and in the
-- company, and the shops the company.
with

parts as (
    select
        *,
        coalesce(traffic_change, 0) + coalesce(conversion_change, 0) + coalesce(order_value_change, 0)
        + coalesce(other_change, 0) as total
    from {{ ref('revenue_decomposition') }}
),

shops as (
    select
        period_grain,
        period_start,
        past_kind,
        sum(case when scope = 'shop' then revenue_change else 0 end) as shop_change,
        sum(case when scope = 'company' then revenue_change else 0 end) as company_change
    from parts
    group by period_grain, period_start, past_kind
),

wrong as (
    select
        period_grain,
        period_start,
        past_kind,
        shop
    from parts
    where total <> revenue_change or revenue_change <> revenue - past_revenue
    union all
    select
        period_grain,
        period_start,
        past_kind,
        '(all)' as shop
    from shops
    where shop_change <> company_change
)

select * from wrong
