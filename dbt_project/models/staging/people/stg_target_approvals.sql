with

newest as (
    {{ newest_version('target_approvals') }}
),

typed as (
    select
        cast(approval_id as string) as approval_id,
        cast(kpi_id as string) as kpi_id,
        cast(owner_kind as string) as owner_kind,
        cast(owner_id as string) as owner_id,
        cast(period_grain as string) as period_grain,
        cast(period_start as date) as period_start,
        cast(target as decimal(18, 6)) as target,
        cast(red_flag as decimal(18, 6)) as red_flag,
        cast(approved_by as string) as approved_by,
        cast(approved_at as timestamp) as approved_at,
        cast(comment as string) as comment,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
