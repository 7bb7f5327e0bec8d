-- Grain: one row a day whose touches this increment computes anew; none in a build that computes everything.
{% set days -%}
    select {{ business_day('touched_at') }} as affected_on
    from {{ changed('stg_touchpoints') }}
    union all
    -- A new link moves the touches before it, too.
    select {{ business_day('touchpoints.touched_at') }} as affected_on
    from {{ ref('stg_touchpoints') }} as touchpoints
    semi join {{ changed('int_identity_links') }} as links on touchpoints.visitor_id = links.visitor_id
    where touchpoints.customer_id is null
{%- endset -%}
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
