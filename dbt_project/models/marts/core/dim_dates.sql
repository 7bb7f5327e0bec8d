-- One row per day, from the first day of the fiscal year of the first fact to the last day of the fiscal year of as_of.
with

facts as (
    select min(ordered_at) as happened_at from {{ ref('stg_orders') }}
    union all
    select min(touched_at) as happened_at from {{ ref('stg_touchpoints') }}
    union all
    select min(opened_at) as happened_at from {{ ref('stg_tickets') }}
    union all
    select cast(min(spend_on) as timestamp) as happened_at from {{ ref('stg_ad_spend') }}
    union all
    select cast(min(measured_on) as timestamp) as happened_at from {{ ref('stg_content_metrics') }}
    union all
    select {{ as_of() }} as happened_at
),

promotions as (
    select * from {{ ref('promotion_calendar') }}
),

span as (
    select
        {{ period_start('year', 'min(' ~ business_day('happened_at') ~ ')') }} as first_on,
        cast({{ period_start('year', business_day(as_of())) }} + interval '1' year - interval '1' day as date)
            as last_on
    from facts
),

days as (
    select {{ each_day('first_on', 'last_on') }} as date_on
    from span
),

promoted as (
    select
        days.date_on,
        cast(promotions.promotion_id as string) as promotion_id
    from days
    left join promotions on days.date_on >= promotions.starts_on and days.date_on <= promotions.ends_on
    -- Where promotions overlap, the one that started last gives the day its name.
    qualify row_number() over (
        partition by days.date_on order by promotions.starts_on desc nulls last, promotions.promotion_id asc
    ) = 1
),

periods as (
    select
        date_on,
        {{ period_start('week', 'date_on') }} as week_start,
        {{ period_start('month', 'date_on') }} as month_start,
        {{ period_start('quarter', 'date_on') }} as quarter_start,
        {{ period_start('year', 'date_on') }} as year_start,
        promotion_id
    from promoted
)

select * from periods
