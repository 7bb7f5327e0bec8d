-- Grain: one row a fiscal year that is over, with the closed quarters of it that were measured.
with

quarters as (
    select
        {{ period_start('year', 'period_start') }} as year_start,
        next_period_start
    from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter' and is_closed
),

years as (
    select
        year_start,
        max(next_period_start) as next_year_start,
        cast(count(*) as bigint) as quarter_count
    from quarters
    group by year_start
    having max(next_period_start) = cast(year_start + interval '12' month as date)
)

select * from years
