-- One row per day, conversion_type, model_id, channel and campaign. Nothing adds up across model_id or conversion_type:
-- each pair holds the whole spend. Ratios never add up; marketing_efficiency is the day's, repeated on each of its rows.
with

attributed as (
    select
        conversion_on as performance_on,
        conversion_type,
        model_id,
        channel,
        campaign,
        {{ exact_sum('conversions') }} as conversions,
        sum(revenue) as revenue,
        sum(refunds) as refunds,
        sum(margin) as margin,
        {{ exact_sum('new_customers') }} as new_customers
    from {{ ref('channel_attribution_daily') }}
    group by conversion_on, conversion_type, model_id, channel, campaign
),

spent as (
    select
        ad_spend.spend_on as performance_on,
        models.conversion_type,
        models.model_id,
        ad_spend.channel,
        ad_spend.campaign,
        sum(ad_spend.impressions) as impressions,
        sum(ad_spend.clicks) as clicks,
        sum(ad_spend.spend) as spend
    from {{ ref('fct_ad_spend') }} as ad_spend
    cross join {{ ref('int_model_specifications') }} as models
    where not ad_spend.is_held and models.is_path_level
    group by ad_spend.spend_on, models.conversion_type, models.model_id, ad_spend.channel, ad_spend.campaign
),

channels as (
    select * from {{ ref('dim_channels') }}
),

both_sides as (
    select
        coalesce(attributed.performance_on, spent.performance_on) as performance_on,
        coalesce(attributed.conversion_type, spent.conversion_type) as conversion_type,
        coalesce(attributed.model_id, spent.model_id) as model_id,
        coalesce(attributed.channel, spent.channel) as channel,
        coalesce(attributed.campaign, spent.campaign) as campaign,
        cast(coalesce(spent.impressions, 0) as bigint) as impressions,
        cast(coalesce(spent.clicks, 0) as bigint) as clicks,
        cast(coalesce(spent.spend, 0) as decimal(18, 6)) as spend,
        coalesce(attributed.conversions, 0) as conversions,
        cast(coalesce(attributed.revenue, 0) as decimal(18, 2)) as revenue,
        cast(coalesce(attributed.refunds, 0) as decimal(18, 2)) as refunds,
        cast(
            case when attributed.model_id is null then 0 else attributed.margin end as decimal(18, 2)
        ) as margin,
        coalesce(attributed.new_customers, 0) as new_customers
    from attributed
    full outer join spent
        on
            attributed.performance_on = spent.performance_on
            and attributed.conversion_type = spent.conversion_type
            and attributed.model_id = spent.model_id
            and attributed.channel = spent.channel
            and attributed.campaign = spent.campaign
),

totalled as (
    select
        *,
        sum(revenue) over (partition by performance_on, conversion_type, model_id) as day_revenue,
        sum(spend) over (partition by performance_on, conversion_type, model_id) as day_spend
    from both_sides
),

rated as (
    select
        totalled.performance_on,
        'conversion_date' as basis,
        totalled.conversion_type,
        totalled.model_id,
        totalled.channel,
        totalled.campaign,
        channels.is_paid,
        totalled.impressions,
        totalled.clicks,
        totalled.spend,
        totalled.conversions,
        totalled.revenue,
        totalled.refunds,
        totalled.margin,
        totalled.new_customers,
        cast(totalled.margin - totalled.spend as decimal(18, 6)) as margin_after_spend,
        case when channels.is_paid then {{ divide('totalled.revenue', 'totalled.spend') }} end as roas,
        {{ divide('totalled.spend', 'totalled.conversions') }} as cpa,
        case
            when channels.is_paid then {{ divide('totalled.spend', 'totalled.new_customers') }}
        end as paid_cac,
        {{ divide('totalled.day_revenue', 'totalled.day_spend') }} as marketing_efficiency
    from totalled
    left join channels
        on totalled.channel = channels.channel
)

select * from rated
