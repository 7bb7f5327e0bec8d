with

newest as (
    {{ newest_version('fx_rates') }}
),

typed as (
    select
        cast(currency as string) as currency,
        cast(quote_currency as string) as quote_currency,
        cast(rate_on as date) as rate_on,
        cast(rate as decimal(18, 6)) as rate,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
