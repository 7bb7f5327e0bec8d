-- Grain: one row a period and owner: totals of KPIs and objectives, the scorecard's, and the rating; nothing adds up.
with

kpi_scores as (
    select * from {{ ref('kpi_scores') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

segments as (
    select * from {{ ref('int_scorecard_segments') }}
),

shares as (
    select * from {{ ref('int_scorecard_shares') }}
),

ratings as (
    select * from {{ ref('int_weighted_ratings') }}
),

last_posts as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        role_id,
        team_id,
        department_id
    from segments
    qualify row_number() over (
        partition by period_grain, period_start, owner_kind, owner_id order by segment_until desc
    ) = 1
),

kpi_totals as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        employee_count,
        case
            when min(scorecard_kind) = max(scorecard_kind) then min(scorecard_kind) else 'mixed'
        end as scorecard_kind,
        {{ exact_sum('contribution') }} as kpi_total,
        {{ exact_sum("case when applied_policy = 'none' then weight else 0 end") }} / 100 as kpi_coverage,
        count(case when applied_policy = 'wait' then 1 end) as waiting_line_count,
        count(*) as line_count
    from kpi_scores
    group by period_grain, period_start, is_closed, owner_kind, owner_id, employee_count
),

described as (
    select
        kpi_totals.period_grain,
        kpi_totals.period_start,
        kpi_totals.is_closed,
        periods.elapsed_until,
        kpi_totals.owner_kind,
        kpi_totals.owner_id,
        kpi_totals.employee_count,
        last_posts.role_id,
        last_posts.team_id,
        last_posts.department_id,
        kpi_totals.scorecard_kind,
        shares.okr_share,
        shares.kpi_okr_share,
        shares.review_share,
        shares.minimum_coverage,
        kpi_totals.kpi_total,
        case when shares.okr_share > 0 then shares.okr_total end as okr_total,
        kpi_totals.kpi_coverage,
        shares.okr_coverage,
        shares.is_okr_waiting,
        case when shares.review_share > 0 then ratings.weighted_rating end as weighted_rating,
        case
            when shares.review_share > 0 then coalesce(ratings.review_status, 'incomplete')
            else 'not_required'
        end as review_status,
        kpi_totals.waiting_line_count,
        kpi_totals.line_count
    from kpi_totals
    inner join periods
        on kpi_totals.period_grain = periods.period_grain and kpi_totals.period_start = periods.period_start
    left join last_posts
        on
            kpi_totals.period_grain = last_posts.period_grain
            and kpi_totals.period_start = last_posts.period_start
            and kpi_totals.owner_kind = last_posts.owner_kind
            and kpi_totals.owner_id = last_posts.owner_id
    left join shares
        on
            kpi_totals.period_grain = shares.period_grain
            and kpi_totals.period_start = shares.period_start
            and kpi_totals.owner_kind = shares.owner_kind
            and kpi_totals.owner_id = shares.owner_id
    left join ratings
        on
            kpi_totals.owner_kind = 'employee'
            and kpi_totals.owner_id = ratings.employee_id
            and kpi_totals.period_grain = 'quarter'
            and kpi_totals.period_start = ratings.quarter_start
),

-- What the lines of KPIs and the objectives make together, by the owner's days on cards of either kind.
totals as (
    select
        *,
        case
            when okr_share > 0 then (1 - okr_share) * kpi_total + okr_share * okr_total
            else kpi_total
        end as scorecard_total,
        case
            when okr_share > 0 then (1 - okr_share) * kpi_coverage + okr_share * okr_coverage
            else kpi_coverage
        end as coverage
    from described
)

select * from totals
