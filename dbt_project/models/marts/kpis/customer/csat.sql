-- One row per day and queue: satisfied answers over all satisfaction answers.
with

answers as (
    select * from {{ ref('fct_surveys') }}
    where survey_kind = 'csat' and is_satisfied is not null
),

summed as (
    select
        responded_on as measured_on,
        'queue' as dimension,
        queue as dimension_value,
        cast(sum(case when is_satisfied then 1 else 0 end) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from answers
    group by responded_on, queue
)

select * from summed
