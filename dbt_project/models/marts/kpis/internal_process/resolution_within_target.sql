-- One row per day on which the outcome was final and queue: tickets resolved in time over tickets resolved or due.
with

tickets as (
    select * from {{ ref('fct_tickets') }}
    where resolution_final_on is not null and is_resolution_within_target is not null
),

summed as (
    select
        resolution_final_on as measured_on,
        'queue' as dimension,
        queue as dimension_value,
        cast(sum(case when is_resolution_within_target then 1 else 0 end) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from tickets
    group by resolution_final_on, queue
)

select * from summed
