-- Grain: one row a quarter, KPI and week of the company's values up to the quarter's end and just after it, in standard
-- deviations of what trend, season and promotions leave. Windows of quarters overlap. What never varied has no rows.
{%- set bases = ['year_sine', 'year_cosine', 'half_year_sine', 'half_year_cosine', 'promoted', 'years'] %}
with

thresholds as (
    {{ effectiveness_thresholds(['window_weeks', 'minimum_weeks', 'close_weeks']) }}
),

quarters as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

company_weeks as (
    {{ company_weeks() }}
),

promotions as (
    select
        starts_on,
        cast(ends_on + interval '1' day as date) as ends_before
    from {{ ref('promotion_calendar') }}
),

weeks as (
    select distinct
        week_start,
        next_week_start
    from company_weeks
),

-- Promotions lift or press everything at once, and none falls on the same weeks each year.
promoted_days as (
    select
        weeks.week_start,
        sum({{ days_between(
            'greatest(weeks.week_start, promotions.starts_on)',
            'least(weeks.next_week_start, promotions.ends_before)'
        ) }}) as days
    from weeks
    inner join promotions
        on weeks.week_start < promotions.ends_before and weeks.next_week_start > promotions.starts_on
    group by weeks.week_start
),

-- A week is a quarter's in which it ends. After the close come whole weeks only.
windows as (
    select
        quarters.period_start,
        company_weeks.kpi_id,
        company_weeks.week_start,
        company_weeks.value,
        company_weeks.next_week_start <= quarters.elapsed_until as is_fitted,
        case
            when company_weeks.week_start >= quarters.elapsed_until then 'after_close'
            when
                quarters.is_closed
                and company_weeks.next_week_start
                > quarters.elapsed_until - cast(thresholds.close_weeks * 7 as integer)
                then 'before_close'
            when company_weeks.next_week_start > quarters.period_start then 'quarter'
            when company_weeks.next_week_start > cast(quarters.period_start - interval '3' month as date)
                then 'quarter_before'
            else 'earlier'
        end as part,
        {{ clamp(divide('coalesce(promoted_days.days, 0)', '7'), 0, 1) }} as promoted,
        thresholds.minimum_weeks
    from quarters
    cross join thresholds
    inner join company_weeks
        on
            company_weeks.week_start
            >= quarters.elapsed_until - cast(thresholds.window_weeks * 7 as integer)
            and (
                company_weeks.next_week_start <= quarters.elapsed_until
                or (
                    quarters.is_closed
                    and company_weeks.week_start >= quarters.elapsed_until
                    and company_weeks.week_start
                    < quarters.elapsed_until + cast(thresholds.close_weeks * 7 as integer)
                )
            )
    left join promoted_days on company_weeks.week_start = promoted_days.week_start
    where company_weeks.value is not null
),

centred as (
    select
        period_start,
        kpi_id,
        week_start,
        part,
        is_fitted,
        promoted,
        minimum_weeks,
        max(case when is_fitted then abs(value) end) over series as highest,
        count(case when is_fitted then 1 end) over series as fitted_weeks,
        value - {{ divide(
            exact_sum('case when is_fitted then value end', 'over series'),
            'count(case when is_fitted then 1 end) over series'
        ) }} as deviation,
        {{ divide(days_between("date '2000-01-03'", 'week_start'), '365.2425') }} as years
    from windows
    window series as (partition by period_start, kpi_id)
),

spread as (
    select
        *,
        max(case when is_fitted then abs(deviation) end) over (partition by period_start, kpi_id) as largest
    from centred
    where fitted_weeks >= minimum_weeks
),

-- To a scale of 1, whatever the unit: no sum below can overflow, and none is lost in the last places of a decimal.
scaled as (
    select
        period_start,
        kpi_id,
        week_start,
        part,
        is_fitted,
        deviation / largest as value,
        sin(2 * pi() * years) as year_sine,
        cos(2 * pi() * years) as year_cosine,
        sin(4 * pi() * years) as half_year_sine,
        cos(4 * pi() * years) as half_year_cosine,
        promoted,
        years
    from spread
    where largest > 1e-12 * highest
),

around_means as (
    select
        period_start,
        kpi_id,
        week_start,
        part,
        is_fitted,
        value,
        {%- for basis in bases %}
            {{ basis }} - {{ divide(
                exact_sum('case when is_fitted then ' ~ basis ~ ' end', 'over series'),
                'count(case when is_fitted then 1 end) over series'
            ) }} as {{ basis }},
        {%- endfor %}
        years - {{ divide(
            exact_sum('case when is_fitted then years end', 'over series'),
            'count(case when is_fitted then 1 end) over series'
        ) }} as elapsed,
        count(case when is_fitted then 1 end) over series as fitted_weeks
    from scaled
    window series as (partition by period_start, kpi_id)
),

{{ least_squares_steps('around_means', bases) }}

measured as (
    select
        period_start,
        kpi_id,
        week_start,
        part,
        is_fitted,
        value,
        trend,
        sqrt({{ divide(
            exact_sum('case when is_fitted then value * value end', 'over series'), 'fitted_weeks'
        ) }}) as deviation
    from without_years
    window series as (partition by period_start, kpi_id)
),

-- A line, a season or promotions and nothing else leaves nothing to relate.
standardised as (
    select
        period_start,
        kpi_id,
        week_start,
        part,
        is_fitted,
        round(value / deviation, 12) as residual,
        round((value + trend) / deviation, 12) as level
    from measured
    where deviation > 1e-5
)

select * from standardised
