-- Grain: one row a conversion that the default model credits, with the touches of its path that the model counts.
with

default_model as (
    select model_id from {{ ref('attribution_models') }}
    where is_default
),

conversions as (
    select * from {{ ref('fct_conversions') }}
),

lengths as (
    select
        credits.conversion_id,
        max(credits.path_length) as path_length,
        max(case when credits.is_truncated then 1 else 0 end) = 1 as is_truncated
    from {{ ref('touch_credits') }} as credits
    inner join default_model
        on credits.model_id = default_model.model_id
    group by credits.conversion_id
),

paths as (
    select
        lengths.conversion_id,
        conversions.conversion_type,
        conversions.order_id,
        conversions.shop,
        {{ period_start('quarter', 'conversions.converted_on') }} as quarter_start,
        conversions.new_customers = 1 as is_new_customer,
        lengths.path_length,
        lengths.is_truncated
    from lengths
    inner join conversions
        on lengths.conversion_id = conversions.conversion_id
)

select * from paths
