-- One row per period, conversion_type, model_id and channel, rounded per period: a quarter of a Markov model is not
-- the sum of its months. Nothing adds up across period_grain, model_id or conversion_type; shares and ranks never do.
with

daily as (
    select * from {{ ref('channel_attribution_daily') }}
),

population as (
    select * from {{ ref('int_markov_credits') }}
),

dated as (
    {% for grain in ['month', 'quarter'] %}
        select
            '{{ grain }}' as period_grain,
            {{ period_start(grain, 'conversion_on') }} as period_start,
            *
        from daily
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

along_paths as (
    select
        period_grain,
        period_start,
        conversion_type,
        model_id,
        channel,
        {{ exact_sum('conversions') }} as conversions,
        sum(revenue) as revenue,
        sum(refunds) as refunds,
        sum(margin) as margin,
        {{ exact_sum('new_customers') }} as new_customers
    from dated
    group by period_grain, period_start, conversion_type, model_id, channel
),

attributed as (
    select
        period_grain,
        period_start,
        conversion_type,
        model_id,
        channel,
        conversions,
        revenue,
        refunds,
        margin,
        new_customers
    from along_paths
    union all
    select * from population
),

shared as (
    select
        period_grain,
        period_start,
        conversion_type,
        model_id,
        channel,
        conversions,
        cast(revenue as decimal(18, 2)) as revenue,
        cast(refunds as decimal(18, 2)) as refunds,
        cast(margin as decimal(18, 2)) as margin,
        new_customers,
        {{ exact_sum(
            'conversions', 'over (partition by period_grain, period_start, conversion_type, model_id)'
        ) }} as period_conversions
    from attributed
),

ranked as (
    select
        period_grain,
        period_start,
        conversion_type,
        model_id,
        channel,
        conversions,
        revenue,
        refunds,
        margin,
        new_customers,
        {{ divide('conversions', 'period_conversions') }} as share,
        case
            when channel <> '(unattributed)'
                then cast(row_number() over (
                    partition by
                        period_grain, period_start, conversion_type, model_id, channel = '(unattributed)'
                    order by round(conversions, 9) desc nulls last, channel nulls last
                ) as bigint)
        end as rank
    from shared
)

select * from ranked
