-- One row per conversion, model and touch with credit. Nothing adds up across model_id or conversion_type.
with

shares as (
    select * from {{ ref('int_touch_shares') }}
),

paths as (
    select
        path_id,
        position,
        touch_id
    from {{ ref('int_conversion_paths') }}
),

windows as (
    select * from {{ ref('int_path_windows') }}
),

conversions as (
    select * from {{ ref('int_conversions_numbered') }}
    where is_computed
),

models as (
    select * from {{ ref('int_model_specifications') }}
    where is_path_level
),

-- Types of conversion share the paths of an order.
converted as (
    select
        windows.path_id,
        windows.path_set_id,
        windows.path_length,
        windows.other_path_length,
        windows.is_truncated,
        conversions.conversion_id,
        conversions.conversion_type,
        conversions.revenue_cents,
        conversions.refunds_cents,
        conversions.margin_cents
    from windows
    inner join conversions
        on windows.occasion_number = conversions.occasion_number
),

attributed as (
    select
        converted.conversion_id,
        converted.conversion_type,
        models.model_id,
        paths.touch_id,
        shares.position,
        shares.path_length,
        converted.is_truncated,
        shares.credit,
        shares.revenue,
        shares.refunds,
        shares.margin
    from shares
    inner join paths
        on shares.path_id = paths.path_id and shares.path_position = paths.position
    inner join converted
        on shares.path_id = converted.path_id
    inner join models
        on
            shares.model_number = models.model_number
            and converted.path_set_id = models.path_set_id
            and converted.conversion_type = models.conversion_type
),

unattributed as (
    select
        converted.conversion_id,
        converted.conversion_type,
        models.model_id,
        cast(null as string) as touch_id,
        cast(null as bigint) as position,
        0 as path_length,
        converted.is_truncated,
        1 as credit,
        {{ in_money('converted.revenue_cents') }} as revenue,
        {{ in_money('converted.refunds_cents') }} as refunds,
        {{ in_money('converted.margin_cents') }} as margin
    from converted
    inner join models
        on
            converted.path_set_id = models.path_set_id
            and converted.conversion_type = models.conversion_type
    where
        converted.path_length = 0
        or (models.direct_policy = 'drop' and converted.other_path_length = 0)
),

credits as (
    select * from attributed
    union all
    select * from unattributed
),

typed as (
    select
        conversion_id,
        conversion_type,
        model_id,
        touch_id,
        cast(position as bigint) as position,
        cast(path_length as bigint) as path_length,
        is_truncated,
        cast(credit as double) as credit,
        cast(revenue as decimal(18, 2)) as attributed_revenue,
        cast(refunds as decimal(18, 2)) as attributed_refunds,
        cast(margin as decimal(18, 2)) as attributed_margin
    from credits
)

select * from typed
