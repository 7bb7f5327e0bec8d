-- A fact on a day that the calendar lacks would fall out of every report that joins it.
with

days as (
    select ordered_on as date_on from {{ ref('fct_orders') }}
    union
    select touched_on as date_on from {{ ref('fct_touches') }}
    union
    select spend_on as date_on from {{ ref('fct_ad_spend') }}
    union
    select opened_on as date_on from {{ ref('fct_tickets') }}
    union
    select measured_on as date_on from {{ ref('fct_content_daily') }}
),

missing as (
    select days.date_on
    from days
    left join {{ ref('dim_dates') }} as dates on days.date_on = dates.date_on
    where dates.date_on is null
)

select * from missing
