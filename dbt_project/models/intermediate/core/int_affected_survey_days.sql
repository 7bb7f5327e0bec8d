-- Grain: one row a day of answer whose surveys this increment computes anew; none in a build that computes everything.
{% set days -%}
    select {{ business_day('responded_at') }} as affected_on from {{ changed('stg_surveys') }}
    union all
    select {{ business_day('surveys.responded_at') }} as affected_on
    from {{ ref('stg_surveys') }} as surveys
    semi join {{ changed('stg_tickets') }} as tickets on surveys.ticket_id = tickets.ticket_id
    union all
    select {{ business_day('surveys.responded_at') }} as affected_on
    from {{ ref('stg_surveys') }} as surveys
    semi join {{ changed('stg_orders') }} as orders on surveys.order_id = orders.order_id
{%- endset -%}
with

affected as (
    {{ distinct_days(days) }}
)

select * from affected
