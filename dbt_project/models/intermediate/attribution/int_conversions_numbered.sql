-- Grain: one row a conversion of the customers whose credits this build computes, in numbers of this build.
with

conversions as (
    select
        conversion_id,
        conversion_type,
        coalesce(':' || order_id, conversion_id) as occasion_id,
        customer_key,
        converted_at,
        revenue,
        refunds,
        margin
    from {{ ref('fct_conversions') }}
    {{ of_affected_customers() }}
),

affected as (
    select conversion_id from {{ ref('int_affected_conversions') }}
),

numbered as (
    select
        conversions.conversion_id,
        conversions.conversion_type,
        conversions.occasion_id,
        dense_rank() over (order by conversions.customer_key, conversions.occasion_id) as occasion_number,
        dense_rank() over (order by conversions.customer_key) as customer_number,
        conversions.customer_key,
        conversions.converted_at,
        {{ in_cents('conversions.revenue') }} as revenue_cents,
        {{ in_cents('conversions.refunds') }} as refunds_cents,
        {{ in_cents('conversions.margin') }} as margin_cents,
        {% if is_increment() -%} affected.conversion_id is not null {%- else -%} true {%- endif %} as is_computed
    from conversions
    left join affected
        on conversions.conversion_id = affected.conversion_id
)

select * from numbered
