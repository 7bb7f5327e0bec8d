-- One row per quarter, shop_kind, category and customer_kind, '(all)' standing for any. Nothing adds up: medians do not,
-- and an order of two categories counts in both; the row of '(all)' counts it once.
with

paths as (
    select
        conversion_id,
        order_id,
        shop,
        quarter_start,
        case when is_new_customer then 'new' else 'returning' end as customer_kind,
        path_length
    from {{ ref('int_default_paths') }}
    where conversion_type = 'purchase'
),

default_model as (
    select model_id from {{ ref('attribution_models') }}
    where is_default
),

shops as (
    select * from {{ ref('dim_shops') }}
),

categories as (
    select distinct
        order_id,
        category
    from {{ ref('fct_order_lines') }}
),

described as (
    select
        paths.conversion_id,
        paths.order_id,
        paths.quarter_start,
        coalesce(shops.shop_kind, '(unknown)') as shop_kind,
        paths.customer_kind,
        paths.path_length
    from paths
    left join shops
        on paths.shop = shops.shop
),

by_category as (
    select
        quarter_start,
        '(all)' as category,
        shop_kind,
        customer_kind,
        path_length
    from described
    union all
    select
        described.quarter_start,
        coalesce(categories.category, '(none)') as category,
        described.shop_kind,
        described.customer_kind,
        described.path_length
    from described
    left join categories
        on described.order_id = categories.order_id
),

-- A path without a touch is one that nobody saw, not one of length 0.
summed as (
    select
        quarter_start,
        category,
        coalesce(shop_kind, '(all)') as shop_kind,
        coalesce(customer_kind, '(all)') as customer_kind,
        count(*) as conversions,
        count(nullif(path_length, 0)) as touched_conversions,
        sum(path_length) as touches,
        median(nullif(path_length, 0)) as median_touches,
        percentile_cont(0.9) within group (order by nullif(path_length, 0)) as p90_touches
    from by_category
    group by quarter_start, category, cube (shop_kind, customer_kind)
),

typed as (
    select
        'quarter' as period_grain,
        summed.quarter_start as period_start,
        'purchase' as conversion_type,
        default_model.model_id,
        summed.shop_kind,
        summed.category,
        summed.customer_kind,
        cast(summed.conversions as bigint) as conversions,
        cast(summed.touched_conversions as bigint) as touched_conversions,
        {{ divide('summed.touches', 'summed.touched_conversions') }} as mean_touches,
        cast(summed.median_touches as double) as median_touches,
        cast(summed.p90_touches as double) as p90_touches
    from summed
    cross join default_model
)

select * from typed
