-- In every period and under every model, of any family, channels and (unattributed) together are the conversions of
-- the facts: money to the cent. A population model that lost or made conversions would show here.
with

conversions as (
    {% for grain in ['month', 'quarter'] %}
        select
            '{{ grain }}' as period_grain,
            {{ period_start(grain, 'converted_on') }} as period_start,
            conversion_type,
            revenue,
            refunds,
            margin,
            new_customers
        from {{ ref('fct_conversions') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

expected as (
    select
        conversions.period_grain,
        conversions.period_start,
        conversions.conversion_type,
        models.model_id,
        count(*) as conversions,
        sum(conversions.revenue) as revenue,
        sum(conversions.refunds) as refunds,
        coalesce(sum(conversions.margin), 0) as margin,
        sum(conversions.new_customers) as new_customers
    from conversions
    inner join {{ ref('int_model_specifications') }} as models
        on conversions.conversion_type = models.conversion_type and not models.is_shadow
    group by conversions.period_grain, conversions.period_start, conversions.conversion_type, models.model_id
),

attributed as (
    select
        period_grain,
        period_start,
        conversion_type,
        model_id,
        sum(conversions) as conversions,
        sum(revenue) as revenue,
        sum(refunds) as refunds,
        coalesce(sum(margin), 0) as margin,
        sum(new_customers) as new_customers
    from {{ ref('channel_attribution_period') }}
    group by period_grain, period_start, conversion_type, model_id
),

unequal as (
    select
        coalesce(expected.period_grain, attributed.period_grain) as period_grain,
        coalesce(expected.period_start, attributed.period_start) as period_start,
        coalesce(expected.conversion_type, attributed.conversion_type) as conversion_type,
        coalesce(expected.model_id, attributed.model_id) as model_id
    from expected
    full outer join attributed
        on
            expected.period_grain = attributed.period_grain
            and expected.period_start = attributed.period_start
            and expected.conversion_type = attributed.conversion_type
            and expected.model_id = attributed.model_id
    where
        (
            abs(expected.conversions - attributed.conversions) <= 1e-9 * expected.conversions
            and abs(expected.new_customers - attributed.new_customers) <= 1e-9 * expected.conversions
            and expected.revenue = attributed.revenue
            and expected.refunds = attributed.refunds
            and expected.margin = attributed.margin
        ) is not true
)

select * from unequal
