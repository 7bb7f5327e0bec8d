-- Grain: one row a month or fiscal quarter from the first fact to as_of, with the days of it that have begun.
with

facts as (
    select min(measured_on) as first_on from {{ ref('kpi_daily') }}
),

days as (
    select dates.date_on
    from {{ ref('dim_dates') }} as dates
    inner join facts on dates.date_on >= facts.first_on
    where {{ happened_by_as_of('dates.date_on', 'date') }}
),

grains as (
    select
        'month' as period_grain,
        {{ period_start('month', 'date_on') }} as period_start
    from days
    union
    select
        'quarter' as period_grain,
        {{ period_start('quarter', 'date_on') }} as period_start
    from days
),

bounded as (
    select
        period_grain,
        period_start,
        cast(case
            when period_grain = 'month' then period_start + interval '1' month
            else period_start + interval '3' month
        end as date) as next_period_start,
        -- The first day that has not begun: at midnight sharp it is the new day itself.
        cast({{ business_time(as_of()) }} - interval '1' microsecond as date) + 1 as first_unknown_on
    from grains
),

measured as (
    select
        period_grain,
        period_start,
        next_period_start,
        least(next_period_start, first_unknown_on) as elapsed_until,
        {{ days_between('period_start', 'next_period_start') }} as period_days,
        {{ business_time(as_of()) }} >= cast(next_period_start as timestamp) as is_closed
    from bounded
)

select * from measured
