-- One row per quarter and KPI in force at its end: whether the KPI is any good, and a verdict that is a proposal. Nothing adds up; what a quarter is judged by reaches back over earlier ones.
with

thresholds as (
    {{ effectiveness_thresholds([
        'minimum_weeks', 'meaningful_correlation', 'minimum_coverage', 'maximum_stale_days', 'minimum_discrimination',
        'minimum_stability', 'traded_shift', 'close_spike',
    ]) }}
),

measured as (
    select * from {{ ref('int_kpi_quarters_measured') }}
),

differences as (
    select * from {{ ref('int_kpi_owner_differences') }}
),

relations as (
    select * from {{ ref('kpi_relations') }}
),

-- Of several declared outcomes, the one that speaks most for the KPI is shown.
shown_links as (
    select * from relations
    where relation = 'outcome'
    qualify row_number() over (
        partition by period_start, kpi_id
        order by
            case finding
                when 'confirmed' then 1
                when 'unclear' then 2
                when 'insufficient_data' then 4
                else 3
            end,
            p_value nulls last,
            other_kpi_id
    ) = 1
),

links as (
    select
        period_start,
        kpi_id,
        count(*) as link_count,
        count(case when finding = 'confirmed' then 1 end) as confirmed,
        count(case when finding = 'contrary' then 1 end) as contrary,
        count(case when finding = 'absent' then 1 end) as absent,
        count(case when finding = 'insufficient_data' then 1 end) as insufficient
    from relations
    where relation = 'outcome'
    group by period_start, kpi_id
),

outcomes as (
    select distinct
        period_start,
        other_kpi_id as kpi_id
    from relations
    where relation = 'outcome'
),

counters as (
    select * from relations
    where relation = 'counter'
),

alike as (
    select
        period_start,
        kpi_id,
        {{ ordered_text('other_kpi_id', 'other_kpi_id') }} as redundant_with
    from relations
    where relation = 'similar'
    group by period_start, kpi_id
),

joined as (
    select
        measured.period_start,
        measured.is_closed,
        measured.kpi_id,
        measured.name,
        measured.name_zh,
        measured.perspective,
        measured.purpose,
        cast(measured.expected_weeks as bigint) as expected_weeks,
        cast(measured.measured_weeks as bigint) as measured_weeks,
        {{ divide('measured.measured_weeks', 'measured.expected_weeks') }} as coverage,
        cast(measured.stale_days as bigint) as stale_days,
        cast(measured.window_weeks as bigint) as window_weeks,
        measured.is_without_variation,
        differences.owner_count,
        differences.discrimination,
        differences.stability,
        coalesce(links.link_count, 0) as link_count,
        case
            when links.link_count is null then 'not_declared'
            when links.insufficient = links.link_count then 'insufficient_data'
            when links.confirmed > 0 and links.contrary = 0 then 'confirmed'
            when links.contrary + links.absent < links.link_count then 'unclear'
            when links.contrary > 0 then 'contrary'
            else 'absent'
        end as outcome_finding,
        outcomes.kpi_id is not null as is_outcome,
        shown_links.other_kpi_id as outcome_kpi_id,
        shown_links.expected_sign,
        shown_links.lag_weeks,
        shown_links.weeks as paired_weeks,
        shown_links.effective_weeks,
        shown_links.correlation,
        shown_links.correlation_low,
        shown_links.correlation_high,
        shown_links.adjusted_p_value,
        shown_links.rank_correlation,
        shown_links.adjusted_rank_p_value,
        measured.counter_kpi_id,
        counters.correlation as counter_correlation,
        counters.finding as counter_finding,
        measured.improvement,
        counters_measured.improvement as counter_improvement,
        coalesce(
            measured.improvement >= thresholds.traded_shift
            and counters_measured.improvement <= -thresholds.traded_shift,
            false
        ) as is_traded_off,
        measured.close_rise,
        measured.close_fall,
        coalesce(
            measured.close_rise >= thresholds.close_spike
            and measured.close_fall >= thresholds.close_spike,
            false
        ) as is_reversed_after_close,
        alike.redundant_with,
        thresholds.minimum_weeks,
        thresholds.meaningful_correlation,
        thresholds.minimum_coverage,
        thresholds.maximum_stale_days,
        thresholds.minimum_discrimination,
        thresholds.minimum_stability
    from measured
    cross join thresholds
    left join differences
        on measured.period_start = differences.period_start and measured.kpi_id = differences.kpi_id
    left join links on measured.period_start = links.period_start and measured.kpi_id = links.kpi_id
    left join shown_links
        on measured.period_start = shown_links.period_start and measured.kpi_id = shown_links.kpi_id
    left join outcomes on measured.period_start = outcomes.period_start and measured.kpi_id = outcomes.kpi_id
    left join counters on measured.period_start = counters.period_start and measured.kpi_id = counters.kpi_id
    left join measured as counters_measured
        on
            measured.period_start = counters_measured.period_start
            and measured.counter_kpi_id = counters_measured.kpi_id
    left join alike on measured.period_start = alike.period_start and measured.kpi_id = alike.kpi_id
),

reasons as (
    {{ effectiveness_reasons('joined') }}
),

-- Reasons to keep are given where nothing else is to be said.
verdicts as (
    select
        period_start,
        kpi_id,
        max(severity) as severity,
        {{ ordered_text('case when severity > 0 then reason end', 'place', '; ') }} as reason,
        {{ ordered_text('case when severity > 0 then reason_zh end', 'place', '；') }} as reason_zh,
        {{ ordered_text('case when severity = 0 then reason end', 'place', '; ') }} as reason_to_keep,
        {{ ordered_text('case when severity = 0 then reason_zh end', 'place', '；') }} as reason_to_keep_zh
    from reasons
    group by period_start, kpi_id
),

judged as (
    select
        joined.period_start,
        joined.is_closed,
        joined.kpi_id,
        joined.name,
        joined.name_zh,
        joined.perspective,
        joined.purpose,
        joined.expected_weeks,
        joined.measured_weeks,
        joined.coverage,
        joined.stale_days,
        joined.window_weeks,
        joined.is_without_variation,
        joined.owner_count,
        joined.discrimination,
        joined.stability,
        cast(joined.link_count as bigint) as link_count,
        joined.outcome_finding,
        joined.outcome_kpi_id,
        joined.expected_sign,
        joined.lag_weeks,
        joined.paired_weeks,
        joined.effective_weeks,
        joined.correlation,
        joined.correlation_low,
        joined.correlation_high,
        joined.adjusted_p_value,
        joined.rank_correlation,
        joined.adjusted_rank_p_value,
        joined.counter_kpi_id,
        joined.counter_correlation,
        joined.improvement,
        joined.counter_improvement,
        joined.is_traded_off,
        joined.close_rise,
        joined.close_fall,
        joined.is_reversed_after_close,
        joined.redundant_with,
        case coalesce(verdicts.severity, 0)
            when 3 then 'insufficient_data'
            when 2 then 'retire_candidate'
            when 1 then 'watch'
            else 'keep'
        end as verdict,
        coalesce(verdicts.reason, verdicts.reason_to_keep) as reason,
        coalesce(verdicts.reason_zh, verdicts.reason_to_keep_zh) as reason_zh
    from joined
    left join verdicts on joined.period_start = verdicts.period_start and joined.kpi_id = verdicts.kpi_id
)

select * from judged
