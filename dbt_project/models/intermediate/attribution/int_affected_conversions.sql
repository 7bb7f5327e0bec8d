{#-
    A touch moves the credits of its customer's conversions within the longest look-back after it. So does a
    conversion those of its type after it, since a path may start where the one before ends.
-#}
{% set causes -%}
    select
        customer_key,
        cast(null as string) as conversion_type,
        touched_on as changed_on,
        touched_at as changed_at
    from {{ changed('fct_touches') }}
    union all
    select
        customer_key,
        conversion_type,
        converted_on as changed_on,
        converted_at as changed_at
    from {{ changed('fct_conversions') }}
{%- endset -%}
{% set conversions -%}
    select conversions.conversion_id
    from {{ ref('fct_conversions') }} as conversions
    -- A day at a time: a robot may have touched a hundred thousand times.
    inner join (
        select
            customer_key,
            conversion_type,
            min(changed_at) as first_at,
            max(changed_at) as last_at
        from ({{ causes }}) as causes
        group by customer_key, conversion_type, changed_on
    ) as days
        on
            conversions.customer_key = days.customer_key
            and conversions.conversion_type = coalesce(days.conversion_type, conversions.conversion_type)
            and conversions.converted_at >= days.first_at
    inner join (
        select
            conversion_type,
            max(look_back_days) as look_back_days
        from {{ ref('int_path_specifications') }}
        where is_path_level
        group by conversion_type
    ) as reaches
        on
            conversions.conversion_type = reaches.conversion_type
            and conversions.converted_at < days.last_at + reaches.look_back_days * interval '1' day
    union
    select conversion_id from {{ changed('fct_conversions') }}
{%- endset -%}
-- Grain: one row a conversion whose credits this increment computes anew, one that is gone included; none in a build
-- that computes everything.
with

moved as (
    {{ rows_of_increment(conversions, 'conversion_id') }}
),

-- Types of conversion share the paths of an order: all of them or none.
of_one_order as (
    select conversions.conversion_id
    from {{ ref('fct_conversions') }} as conversions
    where
        conversions.order_id in (
            select ordered.order_id
            from {{ ref('fct_conversions') }} as ordered
            inner join moved
                on ordered.conversion_id = moved.conversion_id
        )
),

affected as (
    select conversion_id from moved
    union
    select conversion_id from of_one_order
)

select * from affected
