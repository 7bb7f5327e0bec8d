-- Grain: one row a day whose content figures this increment computes anew; none in a build that computes everything.
{% set days -%}
    select measured_on as affected_on from {{ changed('stg_content_metrics') }}
    union all
    select metrics.measured_on as affected_on
    from {{ ref('stg_content_metrics') }} as metrics
    semi join {{ changed('stg_content_posts') }} as posts on metrics.post_id = posts.post_id
{%- endset -%}
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
