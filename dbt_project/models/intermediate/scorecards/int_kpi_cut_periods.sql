-- Grain: one row a past period that ends early, so that an open one can be compared with it; and the year before it.
with

pasts as (
    select * from {{ ref('int_kpi_past_periods') }}
    where is_to_date
),

cut as (
    select
        period_grain,
        past_start as period_start,
        past_until as cut_on
    from pasts
    -- What grew on last year is compared with what had grown by then.
    union
    select
        period_grain,
        {{ year_before('period_grain', 'past_start') }} as period_start,
        {{ year_before('period_grain', 'past_until') }} as cut_on
    from pasts
)

select * from cut
