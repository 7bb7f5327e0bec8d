{#-
    A touch moves the credits of its customer's conversions within the longest look-back after it. So does a
    conversion those of its type after it, since a path may start where the one before ends.
-#}
{% set causes -%}
    select
        customer_key,
        cast(null as string) as conversion_type,
        touched_at as changed_at
    from {{ changed('fct_touches') }}
    union all
    select
        customer_key,
        conversion_type,
        converted_at as changed_at
    from {{ changed('fct_conversions') }}
{%- endset -%}
{% set moved -%}
    select conversions.conversion_id
    from conversions
    inner join ({{ causes }}) as causes
        on
            conversions.customer_key = causes.customer_key
            and conversions.conversion_type = coalesce(causes.conversion_type, conversions.conversion_type)
            and conversions.converted_at >= causes.changed_at
    inner join look_backs
        on
            conversions.conversion_type = look_backs.conversion_type
            and conversions.converted_at < causes.changed_at + look_backs.look_back_days * interval '1' day
    union
    select conversion_id from {{ changed('fct_conversions') }}
{%- endset -%}
-- Grain: one row a conversion whose credits this increment computes anew, one that is gone included; none in a build
-- that computes everything.
with

conversions as (
    select * from {{ ref('fct_conversions') }}
),

look_backs as (
    select
        conversion_type,
        max(look_back_days) as look_back_days
    from {{ ref('int_path_specifications') }}
    where is_path_level
    group by conversion_type
),

moved as (
    {% if is_increment() -%}
        {{ moved }}
    {%- else -%}
        select conversion_id
        from conversions
        where false
    {%- endif %}
),

-- Types of conversion share the paths of an order: all of them or none.
affected as (
    select conversion_id from moved
    union
    select conversions.conversion_id
    from conversions
    where
        conversions.order_id in (
            select ordered.order_id
            from conversions as ordered
            inner join moved
                on ordered.conversion_id = moved.conversion_id
        )
)

select * from affected
