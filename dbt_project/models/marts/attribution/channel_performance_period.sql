-- One row per month or quarter, basis, conversion_type, model_id and channel. Nothing adds up across basis, model_id or
-- conversion_type; Markov models (basis conversion_date only) are estimated per period: months do not make a quarter.
with

daily as (
    select * from {{ ref('channel_performance_daily') }}
),

monthly as (
    select
        {{ period_start('month', 'performance_on') }} as month_start,
        basis,
        conversion_type,
        model_id,
        channel,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend,
        {{ exact_sum('conversions') }} as conversions,
        sum(revenue) as revenue,
        sum(refunds) as refunds,
        sum(margin) as margin,
        {{ exact_sum('new_customers') }} as new_customers
    from daily
    group by {{ period_start('month', 'performance_on') }}, basis, conversion_type, model_id, channel
),

grains as (
    {% for grain in ['month', 'quarter'] %}
        select
            '{{ grain }}' as period_grain,
            {{ period_start(grain, 'month_start') }} as period_start,
            *
        from monthly
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

path_level as (
    select
        period_grain,
        period_start,
        basis,
        conversion_type,
        model_id,
        channel,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        cast(sum(spend) as decimal(18, 6)) as spend,
        {{ exact_sum('conversions') }} as conversions,
        cast(sum(revenue) as decimal(18, 2)) as revenue,
        cast(sum(refunds) as decimal(18, 2)) as refunds,
        cast(sum(margin) as decimal(18, 2)) as margin,
        {{ exact_sum('new_customers') }} as new_customers
    from grains
    group by period_grain, period_start, basis, conversion_type, model_id, channel
),

population_models as (
    select
        conversion_type,
        model_id
    from {{ ref('int_model_specifications') }}
    where family = 'markov'
),

attributed as (
    select
        periods.period_grain,
        periods.period_start,
        periods.conversion_type,
        periods.model_id,
        periods.channel,
        periods.conversions,
        periods.revenue,
        periods.refunds,
        periods.margin,
        periods.new_customers
    from {{ ref('channel_attribution_period') }} as periods
    inner join population_models
        on
            periods.conversion_type = population_models.conversion_type
            and periods.model_id = population_models.model_id
),

-- Every path-level model holds the whole spend, the same as any other.
spent as (
    select distinct
        path_level.period_grain,
        path_level.period_start,
        population_models.conversion_type,
        population_models.model_id,
        path_level.channel,
        path_level.impressions,
        path_level.clicks,
        path_level.spend
    from path_level
    cross join population_models
    where
        path_level.basis = 'conversion_date'
        and (path_level.impressions <> 0 or path_level.clicks <> 0 or path_level.spend <> 0)
),

population as (
    select
        coalesce(attributed.period_grain, spent.period_grain) as period_grain,
        coalesce(attributed.period_start, spent.period_start) as period_start,
        'conversion_date' as basis,
        coalesce(attributed.conversion_type, spent.conversion_type) as conversion_type,
        coalesce(attributed.model_id, spent.model_id) as model_id,
        coalesce(attributed.channel, spent.channel) as channel,
        {{ attributed_beside_spend() }}
    from attributed
    full outer join spent
        on
            attributed.period_grain = spent.period_grain
            and attributed.period_start = spent.period_start
            and attributed.conversion_type = spent.conversion_type
            and attributed.model_id = spent.model_id
            and attributed.channel = spent.channel
),

united as (
    select * from path_level
    union all
    select * from population
),

totalled as (
    select
        *,
        sum(revenue) over (
            partition by period_grain, period_start, basis, conversion_type, model_id
        ) as period_revenue,
        sum(spend) over (
            partition by period_grain, period_start, basis, conversion_type, model_id
        ) as period_spend
    from united
),

channels as (
    select * from {{ ref('dim_channels') }}
),

rated as (
    select
        totalled.period_grain,
        totalled.period_start,
        totalled.basis,
        totalled.conversion_type,
        totalled.model_id,
        totalled.channel,
        {{ performance_columns('totalled', 'channels.is_paid') }}
    from totalled
    left join channels
        on totalled.channel = channels.channel
)

select * from rated
