-- Grain: one row a period, conversion type, Markov model and channel, (unattributed) included: credits to the cent.
with

models as (
    select * from {{ ref('int_model_specifications') }}
    where family = 'markov'
),

specifications as (
    select * from {{ ref('int_journey_specifications') }}
),

effects as (
    select * from {{ ref('markov_removal_effects') }}
    where credit_share > 0
),

paths as (
    select * from {{ ref('int_markov_paths') }}
    where conversions > 0
),

-- What a period's journeys with a path are worth, and those without.
worths as (
    select
        paths.period_grain,
        paths.period_start,
        models.conversion_type,
        models.model_id,
        paths.path <> '' as has_path,
        sum(paths.conversions) as conversions,
        sum(paths.revenue) as revenue,
        sum(paths.refunds) as refunds,
        sum(paths.margin) as margin,
        sum(paths.new_customers) as new_customers
    from paths
    inner join specifications
        on paths.journey_specification_id = specifications.journey_specification_id
    inner join models
        on
            specifications.specification_id = models.specification_id
            and specifications.direct_policy = models.direct_policy
    group by
        paths.period_grain,
        paths.period_start,
        models.conversion_type,
        models.model_id,
        paths.path <> ''
),

amounts as (
    select
        worths.period_grain,
        worths.period_start,
        worths.conversion_type,
        worths.model_id,
        effects.channel,
        worths.period_grain || ' ' || cast(worths.period_start as string) || ' ' || worths.conversion_type
        || ' ' || worths.model_id as parts,
        {{ tie_hash(
            "cast(worths.period_start as string) || worths.conversion_type || effects.channel"
        ) }} as tie_hash,
        effects.credit_share * worths.conversions as conversions,
        effects.credit_share * worths.new_customers as new_customers,
        effects.credit_share,
        {{ in_cents('worths.revenue') }} as revenue_cents,
        {{ in_cents('worths.refunds') }} as refunds_cents,
        {{ in_cents('worths.margin') }} as margin_cents
    from worths
    inner join effects
        on
            worths.period_grain = effects.period_grain
            and worths.period_start = effects.period_start
            and worths.conversion_type = effects.conversion_type
            and worths.model_id = effects.model_id
    where worths.has_path
),

shares as (
    select
        *,
        {{ share_in_microcents('revenue_cents', 'credit_share') }} as revenue_share,
        {{ share_in_microcents('refunds_cents', 'credit_share') }} as refunds_share,
        {{ share_in_microcents('margin_cents', 'credit_share') }} as margin_share
    from amounts
),

credits as (
    select
        period_grain,
        period_start,
        conversion_type,
        model_id,
        channel,
        conversions,
        {{ share_in_money('revenue_cents', 'revenue_share', 'parts', 'tie_hash, channel') }} as revenue,
        {{ share_in_money('refunds_cents', 'refunds_share', 'parts', 'tie_hash, channel') }} as refunds,
        {{ share_in_money('margin_cents', 'margin_share', 'parts', 'tie_hash, channel') }} as margin,
        new_customers
    from shares
    union all
    select
        period_grain,
        period_start,
        conversion_type,
        model_id,
        '(unattributed)' as channel,
        cast(conversions as double) as conversions,
        revenue,
        refunds,
        margin,
        cast(new_customers as double) as new_customers
    from worths
    where not has_path
)

select * from credits
