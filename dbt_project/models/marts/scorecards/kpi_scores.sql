-- One row per period, owner, scorecard, KPI and owner measured. Contributions add up to the card's KPI total, no more.
with

lines as (
    select * from {{ ref('int_scorecard_lines_attained') }}
),

scores as (
    select * from {{ ref('int_scorecard_lines_scored') }}
),

owners as (
    select * from {{ ref('int_owner_periods') }}
),

joined as (
    select
        lines.period_grain,
        lines.period_start,
        lines.is_closed,
        lines.owner_kind,
        lines.owner_id,
        coalesce(owners.employee_count, 0) as employee_count,
        lines.scorecard_id,
        lines.scorecard_kind,
        lines.kpi_id,
        lines.perspective,
        lines.measured_owner_kind,
        lines.measured_owner_id,
        lines.numerator,
        lines.denominator,
        lines.value,
        lines.sample_size,
        lines.minimum_sample,
        lines.small_sample_policy,
        lines.role_value,
        lines.scored_value,
        lines.target,
        lines.red_flag,
        lines.attainment,
        lines.curve_id,
        scores.score_floor,
        scores.score_cap,
        lines.status,
        lines.missing_policy,
        scores.applied_policy,
        scores.score,
        lines.weight,
        {{ exact_sum(
            'case when scores.score is not null then lines.weight end', over='over owner_card'
        ) }} as scored_weight,
        {{ exact_sum(
            "case when scores.applied_policy = 'redistribute' then lines.weight else 0 end", over='over owner_card'
        ) }} as moved_weight
    from lines
    inner join scores
        on
            lines.period_grain = scores.period_grain
            and lines.period_start = scores.period_start
            and lines.owner_kind = scores.owner_kind
            and lines.owner_id = scores.owner_id
            and lines.scorecard_id = scores.scorecard_id
            and lines.kpi_id = scores.kpi_id
            and lines.measured_owner_kind = scores.measured_owner_kind
            and lines.measured_owner_id = scores.measured_owner_id
    left join owners
        on
            lines.period_grain = owners.period_grain
            and lines.period_start = owners.period_start
            and lines.owner_kind = owners.owner_kind
            and lines.owner_id = owners.owner_id
    window owner_card as (
        partition by lines.period_grain, lines.period_start, lines.owner_kind, lines.owner_id
    )
),

-- What is redistributed goes to the scored lines in proportion; with none of them it has nowhere to go.
weighted as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        cast(employee_count as bigint) as employee_count,
        scorecard_id,
        scorecard_kind,
        kpi_id,
        perspective,
        measured_owner_kind,
        measured_owner_id,
        numerator,
        denominator,
        value,
        sample_size,
        minimum_sample,
        small_sample_policy,
        role_value,
        scored_value,
        target,
        red_flag,
        attainment,
        curve_id,
        score_floor,
        score_cap,
        score,
        weight,
        case
            when score is not null then weight * {{ divide('scored_weight + moved_weight', 'scored_weight') }}
            when applied_policy = 'redistribute' and scored_weight is not null then cast(0 as double)
            else weight
        end as effective_weight,
        status,
        missing_policy,
        applied_policy
    from joined
),

contributed as (
    select
        period_grain,
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        employee_count,
        scorecard_id,
        scorecard_kind,
        kpi_id,
        perspective,
        measured_owner_kind,
        measured_owner_id,
        numerator,
        denominator,
        value,
        sample_size,
        minimum_sample,
        small_sample_policy,
        role_value,
        scored_value,
        target,
        red_flag,
        attainment,
        curve_id,
        score_floor,
        score_cap,
        score,
        weight,
        effective_weight,
        score * effective_weight / 100 as contribution,
        status,
        missing_policy,
        applied_policy
    from weighted
)

select * from contributed
