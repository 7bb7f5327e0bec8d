-- One row per currency and day on which it can be converted; the base currency has none, it is worth 1.
with

quoted as (
    select * from {{ ref('stg_fx_rates') }}
),

-- A rate may be quoted either way round; where both are, the one into the base currency holds.
either_way as (
    select
        currency,
        rate_on as rated_on,
        cast(rate as decimal(22, 10)) as rate,
        1 as preference
    from quoted
    where quote_currency = '{{ setting('base_currency') }}' and currency <> quote_currency

    union all

    select
        quote_currency as currency,
        rate_on as rated_on,
        cast({{ divide('1', 'rate') }} as decimal(22, 10)) as rate,
        2 as preference
    from quoted
    where currency = '{{ setting('base_currency') }}' and currency <> quote_currency
),

one_a_day as (
    select
        currency,
        rated_on,
        rate
    from either_way
    qualify row_number() over (partition by currency, rated_on order by preference) = 1
),

spans as (
    select
        currency,
        rated_on,
        rate,
        cast(least(
            rated_on + {{ var('fx_rate_max_age_days') }},
            lead(rated_on) over (partition by currency order by rated_on) - 1
        ) as date) as last_on
    from one_a_day
),

days as (
    select
        currency,
        {{ each_day('rated_on', 'last_on') }} as converted_on,
        rate,
        rated_on
    from spans
)

select * from days
