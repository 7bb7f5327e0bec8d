-- Grain: one row a period and past that it is compared with: the period before, and the same one of the year before.
with

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

pasts as (
    select
        period_grain,
        period_start,
        elapsed_until,
        is_closed,
        'previous' as past_kind,
        cast(case period_grain
            when 'week' then period_start - interval '7' day
            when 'month' then period_start - interval '1' month
            when 'quarter' then period_start - interval '3' month
            else period_start - interval '12' month
        end as date) as past_start,
        period_start as past_end,
        case
            when period_grain = 'year' then {{ year_before('period_grain', 'elapsed_until') }}
        end as same_day
    from periods
    union all
    select
        period_grain,
        period_start,
        elapsed_until,
        is_closed,
        'last_year' as past_kind,
        {{ year_before('period_grain', 'period_start') }} as past_start,
        {{ year_before('period_grain', 'next_period_start') }} as past_end,
        {{ year_before('period_grain', 'elapsed_until') }} as same_day
    from periods
),

-- An open period is compared with as much of the past: to the same day of a year before, or as many days of the period
-- before, all of it where it was shorter.
cut as (
    select
        period_grain,
        period_start,
        elapsed_until,
        is_closed,
        past_kind,
        past_start,
        case
            when is_closed then past_end
            when same_day is not null then same_day
            else least(
                past_end,
                past_start + cast({{ days_between('period_start', 'elapsed_until') }} as int)
            )
        end as past_until,
        not is_closed as is_to_date
    from pasts
)

select * from cut
