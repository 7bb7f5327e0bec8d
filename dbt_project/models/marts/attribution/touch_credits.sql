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
credited as (
    select
        windows.path_id,
        models.model_number,
        conversions.conversion_id,
        models.conversion_type,
        models.model_id,
        windows.is_truncated,
        conversions.revenue_cents,
        conversions.refunds_cents,
        conversions.margin_cents,
        windows.path_length = 0
        or (models.direct_policy = 'drop' and windows.other_path_length = 0) as is_unattributed
    from windows
    inner join conversions
        on windows.occasion_number = conversions.occasion_number
    inner join models
        on
            windows.path_set_id = models.path_set_id
            and conversions.conversion_type = models.conversion_type
),

attributed as (
    select
        credited.conversion_id,
        credited.conversion_type,
        credited.model_id,
        paths.touch_id,
        shares.position,
        shares.path_length,
        credited.is_truncated,
        shares.credit,
        shares.revenue,
        shares.refunds,
        shares.margin
    from shares
    inner join paths
        on shares.path_id = paths.path_id and shares.path_position = paths.position
    inner join credited
        on shares.path_id = credited.path_id and shares.model_number = credited.model_number
),

unattributed as (
    select
        conversion_id,
        conversion_type,
        model_id,
        cast(null as string) as touch_id,
        cast(null as bigint) as position,
        0 as path_length,
        is_truncated,
        1 as credit,
        {{ in_money('revenue_cents') }} as revenue,
        {{ in_money('refunds_cents') }} as refunds,
        {{ in_money('margin_cents') }} as margin
    from credited
    where is_unattributed
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
