-- Grain: one row a period, conversion type and Markov model: a chain, with its probability to convert.
with

transitions as (
    select * from {{ ref('markov_transitions') }}
),

chains as (
    select
        row_number() over (order by period_grain, period_start, conversion_type, model_id) as chain_id,
        period_grain,
        period_start,
        conversion_type,
        model_id,
        markov_order,
        period_grain || ' ' || cast(period_start as string) || ' ' || conversion_type || ' ' || model_id
            as name,
        {{ divide(
            "sum(case when to_state = '(conversion)' then transitions else 0 end)",
            "sum(case when from_state = '(start)' then transitions end)"
        ) }} as conversion_probability
    from transitions
    group by period_grain, period_start, conversion_type, model_id, markov_order
)

select * from chains
