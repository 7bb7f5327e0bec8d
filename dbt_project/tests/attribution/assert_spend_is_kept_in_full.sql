-- On either basis, by the day and by the period, every model and conversion type holds the whole spend and the whole of
-- what was attributed, matched or not: spend without conversions dropped would flatter ROAS, conversions without spend
-- dropped would hide what comes unpaid.
with

grains as (
    select 'day' as period_grain
    union all
    select 'month' as period_grain
    union all
    select 'quarter' as period_grain
),

bases as (
    select 'conversion_date' as basis
    union all
    select 'touch_date' as basis
),

models as (
    select
        grains.period_grain,
        bases.basis,
        specifications.model_id,
        specifications.conversion_type
    from {{ ref('int_model_specifications') }} as specifications
    cross join grains
    cross join bases
    where
        specifications.is_path_level
        or (
            specifications.family = 'markov'
            and bases.basis = 'conversion_date'
            and grains.period_grain <> 'day'
        )
),

spent as (
    select
        sum(spend) as spend,
        sum(impressions) as impressions,
        sum(clicks) as clicks
    from {{ ref('fct_ad_spend') }}
    where not is_held
),

credits as (
    select
        grains.period_grain,
        daily.model_id,
        daily.conversion_type,
        sum(daily.conversions) as conversions,
        sum(daily.revenue) as revenue,
        sum(daily.refunds) as refunds,
        sum(daily.margin) as margin,
        sum(daily.new_customers) as new_customers
    from {{ ref('channel_attribution_daily') }} as daily
    cross join grains
    group by grains.period_grain, daily.model_id, daily.conversion_type
    union all
    select
        periods.period_grain,
        periods.model_id,
        periods.conversion_type,
        sum(periods.conversions) as conversions,
        sum(periods.revenue) as revenue,
        sum(periods.refunds) as refunds,
        sum(periods.margin) as margin,
        sum(periods.new_customers) as new_customers
    from {{ ref('channel_attribution_period') }} as periods
    inner join {{ ref('attribution_models') }} as rules
        on periods.model_id = rules.model_id and rules.family = 'markov'
    group by periods.period_grain, periods.model_id, periods.conversion_type
),

performance as (
    select
        'day' as period_grain,
        basis,
        model_id,
        conversion_type,
        impressions,
        clicks,
        spend,
        conversions,
        revenue,
        refunds,
        margin,
        new_customers
    from {{ ref('channel_performance_daily') }}
    union all
    select
        period_grain,
        basis,
        model_id,
        conversion_type,
        impressions,
        clicks,
        spend,
        conversions,
        revenue,
        refunds,
        margin,
        new_customers
    from {{ ref('channel_performance_period') }}
),

kept as (
    select
        period_grain,
        basis,
        model_id,
        conversion_type,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend,
        sum(conversions) as conversions,
        sum(revenue) as revenue,
        sum(refunds) as refunds,
        sum(margin) as margin,
        sum(new_customers) as new_customers
    from performance
    group by period_grain, basis, model_id, conversion_type
),

unequal as (
    select
        coalesce(models.period_grain, kept.period_grain) as period_grain,
        coalesce(models.basis, kept.basis) as basis,
        coalesce(models.model_id, kept.model_id) as model_id,
        coalesce(models.conversion_type, kept.conversion_type) as conversion_type
    from models
    cross join spent
    left join credits
        on
            models.period_grain = credits.period_grain
            and models.model_id = credits.model_id
            and models.conversion_type = credits.conversion_type
    full outer join kept
        on
            models.period_grain = kept.period_grain
            and models.basis = kept.basis
            and models.model_id = kept.model_id
            and models.conversion_type = kept.conversion_type
    where
        (
            models.model_id is not null
            and coalesce(spent.spend, 0) = coalesce(kept.spend, 0)
            and coalesce(spent.impressions, 0) = coalesce(kept.impressions, 0)
            and coalesce(spent.clicks, 0) = coalesce(kept.clicks, 0)
            and coalesce(credits.revenue, 0) = coalesce(kept.revenue, 0)
            and coalesce(credits.refunds, 0) = coalesce(kept.refunds, 0)
            and coalesce(credits.margin, 0) = coalesce(kept.margin, 0)
            and abs(coalesce(credits.conversions, 0) - coalesce(kept.conversions, 0))
            <= 1e-9 * coalesce(credits.conversions, 0)
            and abs(coalesce(credits.new_customers, 0) - coalesce(kept.new_customers, 0))
            <= 1e-9 * coalesce(credits.new_customers, 0)
        ) is not true
)

select * from unequal
