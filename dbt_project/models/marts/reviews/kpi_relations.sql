-- One row per quarter, KPI, relation (outcome, counter, similar) and other KPI: how both move together once trend, season and promotions are taken out. Nothing adds up; windows of quarters overlap.
with

thresholds as (
    {{ effectiveness_thresholds([
        'minimum_paired_weeks', 'interval_z', 'significance', 'meaningful_correlation',
    ]) }}
),

pairs as (
    select * from {{ ref('int_kpi_pairs_correlated') }}
),

alike as (
    select * from {{ ref('int_kpi_pairs_similar') }}
),

quarters as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

-- A partial correlation has as many fewer degrees of freedom as columns were taken out: four of the season, one of
-- promotions and one of the trend (Fisher 1924). The rank's standard error is that of Bonett and Wright (2000).
transformed as (
    select
        pairs.period_start,
        quarters.is_closed,
        pairs.kpi_id,
        pairs.relation,
        pairs.other_kpi_id,
        pairs.expected_sign,
        pairs.lag_weeks,
        pairs.weeks,
        pairs.effective_weeks,
        case when pairs.weeks >= thresholds.minimum_paired_weeks then pairs.correlation end as correlation,
        case
            when pairs.weeks >= thresholds.minimum_paired_weeks then pairs.rank_correlation
        end as rank_correlation,
        case
            when pairs.weeks >= thresholds.minimum_paired_weeks and pairs.effective_weeks > 10
                then 1 / sqrt(pairs.effective_weeks - 9)
        end as standard_error,
        {{ fisher_z('pairs.correlation') }} as fisher_z,
        {{ fisher_z('pairs.rank_correlation') }} as rank_fisher_z,
        sqrt(1 + pairs.rank_correlation * pairs.rank_correlation / 2) as rank_widening,
        thresholds.interval_z,
        thresholds.significance,
        thresholds.meaningful_correlation
    from pairs
    cross join thresholds
    inner join quarters on pairs.period_start = quarters.period_start
),

tested as (
    select
        *,
        {{ from_fisher_z('fisher_z - interval_z * standard_error') }} as correlation_low,
        {{ from_fisher_z('fisher_z + interval_z * standard_error') }} as correlation_high,
        {{ from_fisher_z('rank_fisher_z - interval_z * rank_widening * standard_error') }}
            as rank_correlation_low,
        {{ from_fisher_z('rank_fisher_z + interval_z * rank_widening * standard_error') }}
            as rank_correlation_high,
        fisher_z / standard_error as z,
        rank_fisher_z / (rank_widening * standard_error) as rank_z
    from transformed
),

probable as (
    select
        *,
        {{ two_sided_probability('z') }} as p_value,
        {{ two_sided_probability('rank_z') }} as rank_p_value
    from tested
),

-- The share of false finds among all finds of the quarter is what is bounded (Benjamini and Hochberg 1995).
raised as (
    select
        *,
        p_value * count(p_value) over family
        / row_number() over (family order by p_value nulls last, kpi_id, other_kpi_id) as raised_p_value,
        rank_p_value * count(rank_p_value) over family
        / row_number() over (family order by rank_p_value nulls last, kpi_id, other_kpi_id)
            as raised_rank_p_value
    from probable
    window family as (partition by period_start, relation)
),

adjusted as (
    select
        *,
        min(raised_p_value) over (
            partition by period_start, relation
            order by p_value nulls last, kpi_id, other_kpi_id
            rows between current row and unbounded following
        ) as adjusted_p_value,
        min(raised_rank_p_value) over (
            partition by period_start, relation
            order by rank_p_value nulls last, kpi_id, other_kpi_id
            rows between current row and unbounded following
        ) as adjusted_rank_p_value
    from raised
),

-- Both correlations must stand out, so that no single week decides.
weighed as (
    select
        *,
        adjusted_p_value <= significance and adjusted_rank_p_value <= significance as is_significant
    from adjusted
),

found as (
    select
        period_start,
        is_closed,
        kpi_id,
        relation,
        other_kpi_id,
        cast(expected_sign as bigint) as expected_sign,
        cast(lag_weeks as bigint) as lag_weeks,
        cast(weeks as bigint) as weeks,
        effective_weeks,
        correlation,
        correlation_low,
        correlation_high,
        p_value,
        case when p_value is not null then adjusted_p_value end as adjusted_p_value,
        rank_correlation,
        rank_correlation_low,
        rank_correlation_high,
        rank_p_value,
        case when rank_p_value is not null then adjusted_rank_p_value end as adjusted_rank_p_value,
        case
            when p_value is null or rank_p_value is null then 'insufficient_data'
            when is_significant and expected_sign * correlation > 0 and expected_sign * rank_correlation > 0
                then 'confirmed'
            when is_significant and expected_sign * correlation < 0 and expected_sign * rank_correlation < 0
                then 'contrary'
            when
                expected_sign > 0
                and greatest(correlation_high, rank_correlation_high) < meaningful_correlation
                then 'absent'
            when
                expected_sign < 0
                and least(correlation_low, rank_correlation_low) > -meaningful_correlation
                then 'absent'
            else 'unclear'
        end as finding
    from weighed
),

united as (
    select
        period_start,
        is_closed,
        kpi_id,
        relation,
        other_kpi_id,
        expected_sign,
        lag_weeks,
        weeks,
        effective_weeks,
        correlation,
        correlation_low,
        correlation_high,
        p_value,
        adjusted_p_value,
        rank_correlation,
        rank_correlation_low,
        rank_correlation_high,
        rank_p_value,
        adjusted_rank_p_value,
        finding
    from found
    union all
    select
        alike.period_start,
        quarters.is_closed,
        alike.kpi_id,
        'similar' as relation,
        alike.other_kpi_id,
        null as expected_sign,
        cast(0 as bigint) as lag_weeks,
        cast(alike.weeks as bigint) as weeks,
        null as effective_weeks,
        alike.correlation,
        null as correlation_low,
        null as correlation_high,
        null as p_value,
        null as adjusted_p_value,
        null as rank_correlation,
        null as rank_correlation_low,
        null as rank_correlation_high,
        null as rank_p_value,
        null as adjusted_rank_p_value,
        'redundant' as finding
    from alike
    inner join quarters on alike.period_start = quarters.period_start
)

select * from united
