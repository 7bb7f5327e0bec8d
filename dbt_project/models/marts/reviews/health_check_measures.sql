-- One row per closed quarter and measure of the health check: value, thresholds, light, trend, where its evidence lies. Nothing adds up.
with

quarters as (
    select
        period_start,
        next_period_start,
        row_number() over (order by period_start desc) as age
    from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter' and is_closed
),

thresholds as (
    select * from {{ ref('health_thresholds') }}
),

cards as (
    select * from {{ ref('current_scorecards') }}
    where period_grain = 'quarter' and is_closed and owner_kind = 'employee'
),

tiers as (
    select
        period_start,
        tier_id,
        count(*) as employees
    from cards
    where tier_id is not null
    group by period_start, tier_id
),

paid as (
    select
        period_start,
        coefficient,
        sum(coefficient) over (partition by period_start) as coefficients,
        count(*) over (partition by period_start) as employees
    from {{ ref('quarterly_pay') }}
    where status = 'paid'
),

reviews as (
    select
        period_start,
        count(*) as employees,
        count(understanding_gap) as gap_count,
        {{ exact_sum('abs(understanding_gap)') }} as gaps,
        sum(objection_count) as objections
    from {{ ref('review_results') }}
    group by period_start
),

-- KPIs are judged as they stand today, which says nothing of quarters before the last.
smart as (
    select
        count(distinct kpi_id) as kpis,
        count(distinct case when is_smart then kpi_id end) as smart_kpis
    from {{ ref('smart_findings') }}
),

-- A further measure is a further part here and a row of health_thresholds.
parts as (
    select
        'aligned_weight_share' as measure_id,
        period_start,
        {{ exact_sum('aligned_weight') }} as numerator,
        {{ exact_sum('weight') }} as denominator,
        count(*) as sample_size
    from {{ ref('kpi_alignment') }}
    where period_grain = 'quarter' and owner_kind = 'department'
    group by period_start

    union all

    select
        'smart_kpi_share' as measure_id,
        quarters.period_start,
        smart.smart_kpis as numerator,
        smart.kpis as denominator,
        smart.kpis as sample_size
    from quarters
    cross join smart
    where quarters.age = 1

    union all

    select
        'retire_candidate_share' as measure_id,
        period_start,
        count(case when verdict = 'retire_candidate' then 1 end) as numerator,
        count(*) as denominator,
        count(*) as sample_size
    from {{ ref('kpi_effectiveness') }}
    where verdict <> 'insufficient_data'
    group by period_start

    union all

    select
        'scorecard_coverage' as measure_id,
        period_start,
        {{ exact_sum('coverage') }} as numerator,
        count(coverage) as denominator,
        count(coverage) as sample_size
    from cards
    group by period_start

    union all

    select
        'final_score_share' as measure_id,
        period_start,
        count(final_score) as numerator,
        count(*) as denominator,
        count(*) as sample_size
    from cards
    group by period_start

    union all

    select
        'held_order_share' as measure_id,
        quarters.period_start,
        sum(case when orders.is_held then 1 else 0 end) as numerator,
        count(*) as denominator,
        count(*) as sample_size
    from {{ ref('fct_orders') }} as orders
    inner join quarters
        on orders.ordered_on >= quarters.period_start and orders.ordered_on < quarters.next_period_start
    group by quarters.period_start

    union all

    select
        'rejected_row_share' as measure_id,
        quarters.period_start,
        sum(files.rows_rejected) as numerator,
        sum(files.rows_mapped) as denominator,
        sum(files.rows_mapped) as sample_size
    from {{ ref('admitted_files') }} as files
    inner join quarters
        on
            files.exported_at >= cast(quarters.period_start as timestamp)
            and files.exported_at < cast(quarters.next_period_start as timestamp)
    group by quarters.period_start

    union all

    select
        'largest_tier_share' as measure_id,
        period_start,
        max(employees) as numerator,
        sum(employees) as denominator,
        sum(employees) as sample_size
    from tiers
    group by period_start

    union all

    select
        'coefficient_spread' as measure_id,
        period_start,
        {{ exact_sum('abs(coefficient - ' ~ divide('coefficients', 'employees') ~ ')') }} as numerator,
        count(*) as denominator,
        count(*) as sample_size
    from paid
    group by period_start

    union all

    select
        'understanding_gap' as measure_id,
        period_start,
        gaps as numerator,
        gap_count as denominator,
        gap_count as sample_size
    from reviews

    union all

    select
        'diary_coverage' as measure_id,
        period_start,
        sum(covered_kpi_count) as numerator,
        sum(kpi_count) as denominator,
        count(*) as sample_size
    from {{ ref('diary_coverage') }}
    group by period_start

    union all

    select
        'objection_share' as measure_id,
        period_start,
        objections as numerator,
        employees as denominator,
        employees as sample_size
    from reviews
),

-- Few employees are not shown as a number: it would be about one of them.
valued as (
    select
        thresholds.measure_id,
        thresholds.question_id,
        thresholds.question_place,
        thresholds.question,
        thresholds.question_zh,
        thresholds.name,
        thresholds.name_zh,
        thresholds.direction,
        thresholds.green_bound,
        thresholds.amber_bound,
        quarters.period_start,
        case
            when parts.sample_size >= thresholds.minimum_sample
                then {{ to_ten_places(divide('parts.numerator', 'parts.denominator')) }}
        end as value,
        thresholds.evidence_table,
        replace(
            replace(thresholds.evidence_condition, ':period_start', cast(quarters.period_start as string)),
            ':next_period_start', cast(quarters.next_period_start as string)
        ) as evidence_condition
    from quarters
    cross join thresholds
    left join parts
        on quarters.period_start = parts.period_start and thresholds.measure_id = parts.measure_id
),

followed as (
    select
        *,
        lag(value) over (partition by measure_id order by period_start) as value_before,
        case when direction = 'lower' then -1 else 1 end as better
    from valued
),

judged as (
    select
        period_start,
        question_id,
        question_place,
        question,
        question_zh,
        measure_id,
        name,
        name_zh,
        direction,
        green_bound,
        amber_bound,
        value,
        value_before,
        case
            when value is null then 'none'
            when value * better >= green_bound * better then 'green'
            when value * better >= amber_bound * better then 'amber'
            else 'red'
        end as light,
        case
            when value is null or value_before is null then 'none'
            when value * better > value_before * better then 'better'
            when value * better < value_before * better then 'worse'
            else 'same'
        end as trend,
        evidence_table,
        evidence_condition
    from followed
)

select * from judged
