-- One row per conversion, model and touch with credit. Nothing adds up across model_id or conversion_type.
with

shares as (
    select * from {{ ref('int_touch_shares') }}
),

paths as (
    select
        path_id,
        place_from_end,
        conversion_id,
        touch_id
    from {{ ref('int_conversion_paths') }}
),

models as (
    select * from {{ ref('int_model_specifications') }}
    where is_path_level
),

windows as (
    select * from {{ ref('int_path_windows') }}
),

conversions as (
    select * from {{ ref('fct_conversions') }}
),

attributed as (
    select
        paths.conversion_id,
        models.conversion_type,
        models.model_id,
        paths.touch_id,
        shares.position,
        shares.path_length,
        shares.credit,
        shares.revenue,
        shares.refunds,
        shares.margin
    from shares
    inner join paths
        on shares.path_id = paths.path_id and shares.place_from_end = paths.place_from_end
    inner join models
        on shares.model_number = models.model_number
),

unattributed as (
    select
        conversions.conversion_id,
        models.conversion_type,
        models.model_id,
        cast(null as string) as touch_id,
        cast(null as bigint) as position,
        0 as path_length,
        1 as credit,
        conversions.revenue,
        conversions.refunds,
        conversions.margin
    from windows
    inner join models
        on windows.specification_id = models.specification_id
    inner join conversions
        on windows.conversion_id = conversions.conversion_id
    left join (select distinct
        model_number,
        path_id
    from shares) as credited
        on models.model_number = credited.model_number and windows.path_id = credited.path_id
    where credited.path_id is null
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
        cast(credit as double) as credit,
        cast(revenue as decimal(18, 2)) as attributed_revenue,
        cast(refunds as decimal(18, 2)) as attributed_refunds,
        cast(margin as decimal(18, 2)) as attributed_margin
    from credits
)

select * from typed
