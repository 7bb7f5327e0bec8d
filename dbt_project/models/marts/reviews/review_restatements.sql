-- One row per frozen quarter, owner, measure and line (scorecard, KPI, owner measured) that today's data says differently. Nothing adds up.
with

reviews as (
    select * from {{ ref('review_chain') }}
    where is_newest_revision
),

late_rows as (
    select * from {{ ref('int_review_late_rows') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

-- Frozen figures have at most ten places.
lines as (
    select
        quarter,
        revision,
        owner_kind,
        owner_id,
        employee_count,
        scorecard_id,
        kpi_id,
        measured_owner_kind,
        measured_owner_id,
        'frozen' as side,
        numerator,
        value,
        target,
        curve_id,
        score,
        weight
    from {{ ref('stg_frozen_kpi_scores') }}

    union all

    select
        reviews.quarter,
        reviews.revision,
        live.owner_kind,
        live.owner_id,
        live.employee_count,
        live.scorecard_id,
        live.kpi_id,
        live.measured_owner_kind,
        live.measured_owner_id,
        'today' as side,
        {{ to_ten_places('live.numerator') }} as numerator,
        {{ to_ten_places('live.value') }} as value,
        {{ to_ten_places('live.target') }} as target,
        live.curve_id,
        cast(cast(live.score as decimal(18, 9)) as double) as score,
        cast(cast(live.weight as decimal(18, 9)) as double) as weight
    from {{ ref('kpi_scores') }} as live
    inner join reviews on live.period_grain = 'quarter' and live.period_start = reviews.period_start
),

pairs as (
    select
        quarter,
        revision,
        owner_kind,
        owner_id,
        scorecard_id,
        kpi_id,
        measured_owner_kind,
        measured_owner_id,
        min(employee_count) as employee_count,
        count(*) as sides,
    {%- for column in ['numerator', 'value', 'target', 'curve_id', 'score', 'weight'] %}
        max(case when side = 'frozen' then {{ column }} end) as frozen_{{ column }},
        max(case when side = 'today' then {{ column }} end) as today_{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
    from lines
    group by
        quarter, revision, owner_kind, owner_id, scorecard_id, kpi_id, measured_owner_kind, measured_owner_id
),

-- A score that moved while value and target stood still was made by another rule.
compared as (
    select
        pairs.quarter,
        pairs.owner_kind,
        pairs.owner_id,
        pairs.employee_count,
        pairs.scorecard_id,
        pairs.kpi_id,
        pairs.measured_owner_kind,
        pairs.measured_owner_id,
        pairs.sides,
        pairs.frozen_value,
        pairs.today_value,
        pairs.frozen_target,
        pairs.today_target,
        pairs.sides = 2 and {{ differ('pairs.frozen_target', 'pairs.today_target') }} as has_other_target,
        pairs.sides = 2 and {{ differ('pairs.frozen_value', 'pairs.today_value') }} as has_other_value,
        pairs.sides <> 2
        or {{ differ('pairs.frozen_weight', 'pairs.today_weight') }}
        or {{ differ('pairs.frozen_curve_id', 'pairs.today_curve_id') }}
        or (
            not {{ differ('pairs.frozen_value', 'pairs.today_value') }}
            and not {{ differ('pairs.frozen_target', 'pairs.today_target') }}
            and {{ differ('pairs.frozen_score', 'pairs.today_score') }}
        ) as has_other_rule,
        case
            when
                kpis.kind <> 'derived'
                and kpis.source not in (
                    'orders', 'order_lines', 'refunds', 'customers', 'ad_spend', 'touchpoints'
                )
                then 'other'
            when
                late_rows.late_refunds > 0
                and late_rows.late_orders > 0
                and pairs.today_numerator > pairs.frozen_numerator
                then 'late_order'
            when late_rows.late_refunds > 0 then 'refund'
            when late_rows.late_orders > 0 then 'late_order'
            else 'other'
        end as value_cause
    from pairs
    inner join reviews on pairs.quarter = reviews.quarter and pairs.revision = reviews.revision
    left join late_rows on pairs.quarter = late_rows.quarter
    left join kpis on pairs.kpi_id = kpis.kpi_id
),

causes as (
    select
        quarter,
        owner_kind,
        owner_id,
        case
            when max(case when has_other_target then 1 else 0 end) = 1 then 'target_change'
            when max(case when has_other_rule then 1 else 0 end) = 1 then 'rule_change'
        end as rule_cause,
        case
            when max(case when has_other_value and value_cause = 'refund' then 1 else 0 end) = 1 then 'refund'
            when
                max(case when has_other_value and value_cause = 'late_order' then 1 else 0 end) = 1
                then 'late_order'
            else 'other'
        end as value_cause
    from compared
    group by quarter, owner_kind, owner_id
),

scores as (
    select
        frozen.quarter,
        frozen.owner_kind,
        frozen.known_owner_id as owner_id,
        least(frozen.employee_count, live.employee_count) as employee_count,
        frozen.final_score as frozen_score,
        live.final_score as today_score,
        case
            when causes.rule_cause is not null then causes.rule_cause
            when
                {{ differ('frozen.kpi_okr_share', 'live.kpi_okr_share') }}
                or {{ differ('frozen.review_share', 'live.review_share') }}
                or {{ differ('frozen.okr_share', 'live.okr_share') }}
                or {{ differ('frozen.scorecard_kind', 'live.scorecard_kind') }}
                then 'rule_change'
            when
                {{ differ(
                    'cast(frozen.weighted_rating as decimal(18, 9))', 'cast(live.weighted_rating as decimal(18, 9))'
                ) }}
                or {{ differ('frozen.review_status', 'live.review_status') }}
                then 'rating_change'
            else coalesce(causes.value_cause, 'other')
        end as cause
    from {{ ref('stg_frozen_scorecards') }} as frozen
    inner join reviews on frozen.quarter = reviews.quarter and frozen.revision = reviews.revision
    inner join {{ ref('scorecards') }} as live
        on
            live.period_grain = 'quarter'
            and frozen.period_start = live.period_start
            and frozen.owner_kind = live.owner_kind
            and frozen.known_owner_id = live.owner_id
    left join causes
        on
            frozen.quarter = causes.quarter
            and frozen.owner_kind = causes.owner_kind
            and frozen.known_owner_id = causes.owner_id
),

pay as (
    select
        frozen.quarter,
        frozen.employee_id,
        frozen.currency,
        frozen.amount as frozen_amount,
        live.total_amount as today_amount,
        case
            when {{ differ('scores.frozen_score', 'scores.today_score') }} then scores.cause
            when
                {{ differ('frozen.bonus_rule_id', 'live.bonus_rule_id') }}
                or {{ differ('frozen.quarterly_share', 'live.quarterly_share') }}
                or (
                    {{ differ('frozen.coefficient', 'live.coefficient') }}
                    and not {{ differ('frozen.final_score', 'live.final_score') }}
                )
                then 'rule_change'
            else 'other'
        end as cause
    from {{ ref('review_pay') }} as frozen
    inner join {{ ref('quarterly_pay') }} as live
        on frozen.period_start = live.period_start and frozen.employee_id = live.employee_id
    left join scores
        on
            frozen.quarter = scores.quarter
            and scores.owner_kind = 'employee'
            and frozen.employee_id = scores.owner_id
    where frozen.kind = 'pay' and frozen.is_newest_revision
),

measured as (
    {%- for part, measure, cause in [
        ('value', 'kpi_value', 'value_cause'), ('target', 'target', "'target_change'"),
    ] %}
        select
            quarter,
            owner_kind,
            owner_id,
            employee_count,
            '{{ measure }}' as measure,
            scorecard_id,
            kpi_id,
            measured_owner_kind,
            measured_owner_id,
            cast(null as string) as currency,
            frozen_{{ part }},
            today_{{ part }},
            {{ cause }} as cause
        from compared
        where has_other_{{ part }}

        union all
    {% endfor %}
    select
        quarter,
        owner_kind,
        owner_id,
        employee_count,
        'final_score' as measure,
        '(none)' as scorecard_id,
        '(none)' as kpi_id,
        '(none)' as measured_owner_kind,
        '(none)' as measured_owner_id,
        cast(null as string) as currency,
        cast(frozen_score as double) as frozen_value,
        cast(today_score as double) as today_value,
        cause
    from scores
    where {{ differ('frozen_score', 'today_score') }}

    union all

    select
        quarter,
        'employee' as owner_kind,
        employee_id as owner_id,
        1 as employee_count,
        'pay' as measure,
        '(none)' as scorecard_id,
        '(none)' as kpi_id,
        '(none)' as measured_owner_kind,
        '(none)' as measured_owner_id,
        currency,
        cast(frozen_amount as double) as frozen_value,
        cast(today_amount as double) as today_value,
        cause
    from pay
    where {{ differ('frozen_amount', 'today_amount') }}
),

shown as (
    select
        measured.quarter,
        reviews.revision,
        reviews.period_start,
        measured.owner_kind,
        measured.owner_id,
        cast(measured.employee_count as bigint) as employee_count,
        measured.measure,
        measured.scorecard_id,
        measured.kpi_id,
        measured.measured_owner_kind,
        measured.measured_owner_id,
        measured.currency,
        measured.frozen_value,
        measured.today_value,
        {{ to_ten_places('measured.today_value - measured.frozen_value') }} as difference,
        cast(measured.cause as string) as cause
    from measured
    inner join reviews on measured.quarter = reviews.quarter
)

select * from shown
