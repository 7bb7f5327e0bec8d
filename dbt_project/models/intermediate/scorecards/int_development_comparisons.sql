-- Grain: one row a quarter, owner and KPI: its value beside the quarter before and the best tenth of the peers.
with

comparisons as (
    select * from {{ ref('kpi_comparisons') }}
    where period_grain = 'quarter'
),

named as (
    select
        period_start,
        next_period_start,
        owner_kind,
        owner_id,
        kpi_id,
        direction,
        value,
        previous_value,
        top_tenth_value as peer_value
    from comparisons
)

select * from named
