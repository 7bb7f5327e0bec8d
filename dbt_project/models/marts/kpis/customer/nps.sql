-- One row per day and shop: promoters less detractors, times 100, over answers to the question of recommending.
with

answers as (
    select * from {{ ref('fct_surveys') }}
    where survey_kind = 'nps' and is_satisfied is not null
),

summed as (
    select
        responded_on as measured_on,
        'shop' as dimension,
        shop as dimension_value,
        cast(
            sum(case when is_satisfied then 100 when is_dissatisfied then -100 else 0 end) as decimal(28, 10)
        ) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from answers
    group by responded_on, shop
)

select * from summed
