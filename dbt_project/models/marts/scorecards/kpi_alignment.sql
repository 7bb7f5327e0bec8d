-- One row per month or quarter and department or company: how much of its scorecards' weight serves an objective. Weights of departments do not add up to the company's, which has cards of its own.
with

kpis as (
    select * from {{ ref('int_kpi_alignment') }}
),

summed as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        count(*) as kpi_count,
        count(case when objective_id is null then 1 end) as untied_kpi_count,
        {{ exact_sum('weight') }} as weight,
        {{ exact_sum('case when objective_id is not null then weight else 0 end') }} as aligned_weight,
        max(aligned_share) as aligned_share,
        count(case when is_on_the_way then 1 end) as kpis_to_tie
    from kpis
    group by period_grain, period_start, is_closed, owner_kind, owner_id
),

shared as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        cast(kpi_count as bigint) as kpi_count,
        cast(untied_kpi_count as bigint) as untied_kpi_count,
        weight,
        aligned_weight,
        aligned_share,
        cast({{ var('alignment_goal') }} as double) as goal,
        cast(kpis_to_tie as bigint) as kpis_to_tie
    from summed
),

reached as (
    select
        shared.period_grain,
        shared.period_start,
        shared.is_closed,
        shared.owner_kind,
        shared.owner_id,
        shared.kpi_count,
        shared.untied_kpi_count,
        shared.weight,
        shared.aligned_weight,
        shared.aligned_share,
        shared.goal,
        shared.aligned_share >= shared.goal as is_goal_reached,
        shared.kpis_to_tie,
        coalesce(kpis.share_after, shared.aligned_share) as share_once_tied
    from shared
    left join kpis
        on
            shared.period_grain = kpis.period_grain
            and shared.period_start = kpis.period_start
            and shared.owner_kind = kpis.owner_kind
            and shared.owner_id = kpis.owner_id
            and shared.kpis_to_tie = kpis.place
)

select * from reached
