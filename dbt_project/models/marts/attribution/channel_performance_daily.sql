-- One row per day, basis, conversion_type, model_id, channel and campaign. Nothing adds up across basis, model_id or
-- conversion_type: each holds the whole spend. Ratios never add up; marketing_efficiency is the day's, on each row.
with

attributed as (
    select
        conversion_on as performance_on,
        'conversion_date' as basis,
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
    union all
    select
        credited_on as performance_on,
        'touch_date' as basis,
        conversion_type,
        model_id,
        channel,
        campaign,
        conversions,
        revenue,
        refunds,
        margin,
        new_customers
    from {{ ref('int_touch_day_credits') }}
),

bases as (
    select 'conversion_date' as basis
    union all
    select 'touch_date' as basis
),

models as (
    select
        bases.basis,
        specifications.conversion_type,
        specifications.model_id
    from {{ ref('int_model_specifications') }} as specifications
    cross join bases
    where specifications.is_path_level
),

ad_spend as (
    select
        spend_on,
        channel,
        campaign,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend
    from {{ ref('fct_ad_spend') }}
    where not is_held
    group by spend_on, channel, campaign
),

spent as (
    select
        ad_spend.spend_on as performance_on,
        models.basis,
        models.conversion_type,
        models.model_id,
        ad_spend.channel,
        ad_spend.campaign,
        ad_spend.impressions,
        ad_spend.clicks,
        ad_spend.spend
    from ad_spend
    cross join models
),

channels as (
    select * from {{ ref('dim_channels') }}
),

both_sides as (
    select
        coalesce(attributed.performance_on, spent.performance_on) as performance_on,
        coalesce(attributed.basis, spent.basis) as basis,
        coalesce(attributed.conversion_type, spent.conversion_type) as conversion_type,
        coalesce(attributed.model_id, spent.model_id) as model_id,
        coalesce(attributed.channel, spent.channel) as channel,
        coalesce(attributed.campaign, spent.campaign) as campaign,
        {{ attributed_beside_spend() }}
    from attributed
    full outer join spent
        on
            attributed.performance_on = spent.performance_on
            and attributed.basis = spent.basis
            and attributed.conversion_type = spent.conversion_type
            and attributed.model_id = spent.model_id
            and attributed.channel = spent.channel
            and attributed.campaign = spent.campaign
),

totalled as (
    select
        *,
        sum(revenue) over (partition by performance_on, basis, conversion_type, model_id) as period_revenue,
        sum(spend) over (partition by performance_on, basis, conversion_type, model_id) as period_spend
    from both_sides
),

rated as (
    select
        totalled.performance_on,
        totalled.basis,
        totalled.conversion_type,
        totalled.model_id,
        totalled.channel,
        totalled.campaign,
        {{ performance_columns('totalled', 'channels.is_paid') }}
    from totalled
    left join channels
        on totalled.channel = channels.channel
)

select * from rated
