-- One row per day and paid channel: spend on its own day over new customers credited on the day of their first purchase.
with

acquisition as (
    select * from {{ ref('cac') }}
),

paid_channels as (
    select channel from {{ ref('dim_channels') }}
    where is_paid
),

paid as (
    select
        acquisition.measured_on,
        acquisition.dimension,
        acquisition.dimension_value,
        acquisition.numerator,
        acquisition.denominator,
        acquisition.sample_size
    from acquisition
    inner join paid_channels on acquisition.dimension_value = paid_channels.channel
)

select * from paid
