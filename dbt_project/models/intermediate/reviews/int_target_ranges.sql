-- Grain: one row a quarter's target that was proposed or approved and has enough comparable quarters: what is plausible.
with

approvals as (
    select * from {{ ref('fct_target_approvals') }}
    where period_grain = 'quarter'
),

quantiles as (
    select * from {{ ref('int_target_quantiles') }}
),

rules as (
    select * from {{ ref('int_recalibration_rules') }}
),

targets as (
    select * from {{ ref('kpi_targets') }}
),

-- What the rules themselves say is plausible, whatever the past was.
standing as (
    select
        approvals.approval_id,
        cast(min(targets.target) as double) as lowest_target,
        cast(max(targets.target) as double) as highest_target
    from approvals
    inner join targets
        on
            approvals.kpi_id = targets.kpi_id
            and approvals.owner_kind = targets.owner_kind
            and targets.owner_id in (approvals.owner_id, '*')
            and targets.period_grain in ('quarter', '*')
            and targets.valid_from <= approvals.period_start
            and (targets.valid_to is null or targets.valid_to > approvals.period_start)
    group by approvals.approval_id
),

widened as (
    select
        approvals.approval_id,
        quantiles.lowest_value - abs(quantiles.lowest_value) * rules.plausible_margin as lowest_value,
        quantiles.highest_value + abs(quantiles.highest_value) * rules.plausible_margin as highest_value
    from approvals
    inner join quantiles
        on
            approvals.period_start = quantiles.planned_start
            and approvals.owner_kind = quantiles.owner_kind
            and approvals.owner_id = quantiles.owner_id
            and approvals.kpi_id = quantiles.kpi_id
    inner join rules
        on approvals.period_start = rules.planned_start and approvals.kpi_id = rules.kpi_id
    where quantiles.own_quarters >= rules.minimum_quarters
),

spanned as (
    select
        widened.approval_id,
        least(
            widened.lowest_value, coalesce(standing.lowest_target, widened.lowest_value)
        ) as lowest_plausible,
        greatest(
            widened.highest_value, coalesce(standing.highest_target, widened.highest_value)
        ) as highest_plausible
    from widened
    left join standing on widened.approval_id = standing.approval_id
)

select * from spanned
