-- Grain: one row a period and owner: the shares that make its final score, and the total of its objectives.
with

card_days as (
    select * from {{ ref('int_scorecard_card_days') }}
),

objectives as (
    select * from {{ ref('okr_scores') }}
),

totals as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        {{ divide(
            exact_sum('score * weight'), exact_sum('case when score is not null then weight end')
        ) }} as okr_total,
        {{ exact_sum('coverage * weight') }} / 100 as okr_coverage,
        min(case when status = 'scored' then 1 else 0 end) = 1 as is_scored
    from objectives
    group by period_grain, period_start, owner_kind, owner_id
),

-- Whoever has no objectives of their own answers for those of the team, or else of the department.
nearest as (
    select
        card_days.period_grain,
        card_days.period_start,
        card_days.owner_kind,
        card_days.owner_id,
        card_days.weight_days,
        card_days.okr_share,
        card_days.kpi_okr_share,
        card_days.review_share,
        card_days.minimum_coverage,
        totals.okr_total,
        totals.okr_coverage,
        coalesce(totals.is_scored, false) as is_scored
    from card_days
    left join totals
        on
            card_days.okr_share > 0
            and card_days.period_grain = totals.period_grain
            and card_days.period_start = totals.period_start
            and (
                (totals.owner_kind = card_days.owner_kind and totals.owner_id = card_days.owner_id)
                or (totals.owner_kind = 'team' and totals.owner_id = card_days.team_id)
                or (totals.owner_kind = 'department' and totals.owner_id = card_days.department_id)
            )
    qualify row_number() over (
        partition by
            card_days.period_grain, card_days.period_start, card_days.owner_kind, card_days.owner_id,
            card_days.segment_from, card_days.scorecard_kind
        order by case
            when card_days.owner_kind = totals.owner_kind then 1
            when totals.owner_kind = 'team' then 2
            else 3
        end
    ) = 1
),

-- Cards of several kinds, or rules, count by their days. A kind without a rule leaves the owner without shares.
weighted as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        count(*) = count(okr_share) as is_ruled,
        sum(weight_days) as weight_days,
        sum(weight_days * okr_share) as okr_days,
        sum(weight_days * kpi_okr_share) as kpi_okr_days,
        sum(weight_days * review_share) as review_days,
        sum(weight_days * minimum_coverage) as coverage_days,
        {{ exact_sum('weight_days * okr_share * okr_total') }} as okr_total_days,
        sum(case when okr_total is not null then weight_days * okr_share end) as scored_okr_days,
        {{ exact_sum('weight_days * okr_share * coalesce(okr_coverage, 0)') }} as covered_okr_days,
        max(case when okr_share > 0 and not is_scored then 1 else 0 end) = 1 as is_okr_waiting
    from nearest
    group by period_grain, period_start, owner_kind, owner_id
),

shares as (
    select
        period_grain,
        period_start,
        owner_kind,
        owner_id,
        case when is_ruled then {{ divide('okr_days', 'weight_days') }} end as okr_share,
        case when is_ruled then {{ divide('kpi_okr_days', 'weight_days') }} end as kpi_okr_share,
        case when is_ruled then {{ divide('review_days', 'weight_days') }} end as review_share,
        case when is_ruled then {{ divide('coverage_days', 'weight_days') }} end as minimum_coverage,
        {{ divide('okr_total_days', 'scored_okr_days') }} as okr_total,
        {{ divide('covered_okr_days', 'okr_days') }} as okr_coverage,
        is_okr_waiting
    from weighted
)

select * from shares
