with

newest as (
    {{ newest_version('pulse_surveys') }}
),

typed as (
    select
        cast(answer_id as string) as answer_id,
        cast(wave as string) as wave,
        cast(closes_on as date) as closes_on,
        cast(responded_on as date) as responded_on,
        cast(team_id as string) as team_id,
        cast(score as decimal(18, 6)) as score,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
