-- Every model and conversion type holds the whole spend and the whole of what was attributed, matched or not: spend
-- without conversions dropped would flatter ROAS, conversions without spend dropped would hide what comes unpaid.
with

models as (
    select * from {{ ref('int_model_specifications') }}
    where is_path_level
),

spent as (
    select
        models.model_id,
        models.conversion_type,
        sum(ad_spend.spend) as spend,
        sum(ad_spend.impressions) as impressions,
        sum(ad_spend.clicks) as clicks
    from models
    inner join {{ ref('fct_ad_spend') }} as ad_spend
        on not ad_spend.is_held
    group by models.model_id, models.conversion_type
),

attributed as (
    select
        model_id,
        conversion_type,
        sum(conversions) as conversions,
        sum(revenue) as revenue
    from {{ ref('channel_attribution_daily') }}
    group by model_id, conversion_type
),

performance as (
    select
        model_id,
        conversion_type,
        sum(spend) as spend,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(conversions) as conversions,
        sum(revenue) as revenue
    from {{ ref('channel_performance_daily') }}
    group by model_id, conversion_type
),

unequal as (
    select
        models.model_id,
        models.conversion_type
    from models
    left join spent
        on models.model_id = spent.model_id and models.conversion_type = spent.conversion_type
    left join attributed
        on models.model_id = attributed.model_id and models.conversion_type = attributed.conversion_type
    left join performance
        on models.model_id = performance.model_id and models.conversion_type = performance.conversion_type
    where
        coalesce(spent.spend, 0) <> coalesce(performance.spend, 0)
        or coalesce(spent.impressions, 0) <> coalesce(performance.impressions, 0)
        or coalesce(spent.clicks, 0) <> coalesce(performance.clicks, 0)
        or coalesce(attributed.revenue, 0) <> coalesce(performance.revenue, 0)
        or abs(coalesce(attributed.conversions, 0) - coalesce(performance.conversions, 0))
        > 1e-9 * coalesce(attributed.conversions, 0)
)

select * from unequal
