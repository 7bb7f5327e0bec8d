with

newest as (
    {{ newest_version('quarter_decisions') }}
),

typed as (
    select
        cast(decision_id as string) as decision_id,
        cast(kind as string) as kind,
        cast(quarter_start as date) as quarter_start,
        cast(kpi_id as string) as kpi_id,
        cast(scorecard_id as string) as scorecard_id,
        cast(shop_kind as string) as shop_kind,
        cast(measured_for as string) as measured_for,
        cast(weight as decimal(9, 4)) as weight,
        cast(reason as string) as reason,
        cast(decided_by as string) as decided_by,
        cast(decided_at as timestamp) as decided_at,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
