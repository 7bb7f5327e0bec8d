-- Grain: one row a quarter and shadow model: how much of the default model's channel shares moves when its look-back does.
with

default_model as (
    select
        model_id,
        look_back_days
    from {{ ref('attribution_models') }}
    where is_default
),

look_backs as (
    select
        models.quality_measure,
        models.conversion_type,
        specifications.look_back_days
    from {{ ref('int_model_specifications') }} as models
    inner join {{ ref('int_path_specifications') }} as specifications
        on models.specification_id = specifications.specification_id
    where models.is_shadow
),

conversions as (
    select
        conversion_id,
        {{ period_start('quarter', 'converted_on') }} as quarter_start
    from {{ ref('fct_conversions') }}
),

shadow_shares as (
    select
        conversions.quarter_start,
        shares.quality_measure,
        shares.channel,
        {{ exact_sum('shares.credit') }} as conversions
    from {{ ref('int_look_back_shares') }} as shares
    inner join conversions
        on shares.conversion_id = conversions.conversion_id
    group by conversions.quarter_start, shares.quality_measure, shares.channel
),

default_shares as (
    select
        periods.period_start as quarter_start,
        look_backs.quality_measure,
        periods.channel,
        periods.conversions
    from {{ ref('channel_attribution_period') }} as periods
    inner join default_model
        on periods.model_id = default_model.model_id
    inner join look_backs
        on periods.conversion_type = look_backs.conversion_type
    where periods.period_grain = 'quarter'
),

both_sides as (
    select
        coalesce(default_shares.quarter_start, shadow_shares.quarter_start) as quarter_start,
        coalesce(default_shares.quality_measure, shadow_shares.quality_measure) as quality_measure,
        coalesce(default_shares.conversions, 0) as conversions,
        coalesce(shadow_shares.conversions, 0) as shadow_conversions
    from default_shares
    full outer join shadow_shares
        on
            default_shares.quarter_start = shadow_shares.quarter_start
            and default_shares.quality_measure = shadow_shares.quality_measure
            and default_shares.channel = shadow_shares.channel
),

-- Both sides share out the same conversions.
moved as (
    select
        quarter_start,
        quality_measure,
        {{ divide(
            exact_sum('abs(conversions - shadow_conversions)'), '2 * ' ~ exact_sum('conversions')
        ) }} as share_moved
    from both_sides
    group by quarter_start, quality_measure
),

compared as (
    select
        moved.quarter_start,
        look_backs.conversion_type,
        default_model.model_id,
        moved.quality_measure as measure,
        look_backs.look_back_days,
        default_model.look_back_days as base_look_back_days,
        moved.share_moved
    from moved
    inner join look_backs
        on moved.quality_measure = look_backs.quality_measure
    cross join default_model
)

select * from compared
