-- Grain: one row a day whose touches this increment computes anew; none in a build that computes everything.
-- depends_on: {{ ref('stg_touchpoints') }}
-- depends_on: {{ ref('int_identity_links') }}
with

{% if is_increment() -%}
    days as (
        select {{ business_day('touched_at') }} as affected_on
        from {{ changed('stg_touchpoints') }}
        union all
        -- A new link moves the touches before it, too.
        select {{ business_day('touchpoints.touched_at') }} as affected_on
        from {{ ref('stg_touchpoints') }} as touchpoints
        semi join {{ changed('int_identity_links') }} as links on touchpoints.visitor_id = links.visitor_id
        where touchpoints.customer_id is null
    ),

    affected as (
        select distinct affected_on from days
    )

{%- else -%}
    affected as (
        select cast(null as date) as affected_on
        where false
    )
{%- endif %}

select * from affected
