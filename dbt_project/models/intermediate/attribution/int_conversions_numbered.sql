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
    {% if is_increment() -%}
        where customer_key in (
            select moved.customer_key
            from {{ ref('fct_conversions') }} as moved
            inner join {{ ref('int_affected_conversions') }} as affected
                on moved.conversion_id = affected.conversion_id
        )
    {%- endif %}
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
        affected.conversion_id is not null {%- if not is_increment() %} or true {%- endif %} as is_computed
    from conversions
    left join affected
        on conversions.conversion_id = affected.conversion_id
)

select * from numbered
