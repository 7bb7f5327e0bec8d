-- Grain: one row a day whose content figures this increment computes anew; none in a build that computes everything.
-- depends_on: {{ ref('stg_content_metrics') }}
-- depends_on: {{ ref('stg_content_posts') }}
with

{% if is_increment() -%}
    days as (
        select measured_on as affected_on from {{ changed('stg_content_metrics') }}
        union all
        select metrics.measured_on as affected_on
        from {{ ref('stg_content_metrics') }} as metrics
        semi join {{ changed('stg_content_posts') }} as posts on metrics.post_id = posts.post_id
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
