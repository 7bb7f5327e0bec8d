-- One row per day on which horizons of 180 days closed and shop of the first order: margin after refunds over customers.
with

closed as (
    select * from {{ ref('int_lifetime_values') }}
    where kpi_id = 'ltv_180'
),

measured as (
    select
        closed_on as measured_on,
        'shop' as dimension,
        shop as dimension_value,
        cast(margin as decimal(28, 10)) as numerator,
        cast(customers as decimal(28, 10)) as denominator,
        customers as sample_size
    from closed
)

select * from measured
