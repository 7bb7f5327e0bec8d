-- Grain: one row a week, month, fiscal quarter or fiscal year from the first fact to as_of, with its days that have begun.
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
    {%- for grain in ['week', 'month', 'quarter', 'year'] %}
        select
            '{{ grain }}' as period_grain,
            {{ period_start(grain, 'date_on') }} as period_start
        from days
        {%- if not loop.last %}
            union
        {%- endif %}
    {%- endfor %}
),

bounded as (
    select
        period_grain,
        period_start,
        cast(case period_grain
            when 'week' then period_start + interval '7' day
            when 'month' then period_start + interval '1' month
            when 'quarter' then period_start + interval '3' month
            else period_start + interval '12' month
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
        {{ business_time(as_of()) }} >= cast(next_period_start as timestamp) as is_closed,
        -- Weeks are too short to score by, and a year's scores are its quarters'.
        period_grain in ('month', 'quarter') as is_scored
    from bounded
)

select * from measured
