-- One row per quarter to plan, owner and KPI: the target proposed for it, and why. Nothing adds up; owners overlap.
with

recalibrated as (
    select * from {{ ref('int_targets_recalibrated') }}
),

comparables as (
    select * from {{ ref('int_target_comparables') }}
    where comparable_kind = 'own'
),

owners as (
    select * from {{ ref('int_owner_periods') }}
    where period_grain = 'quarter'
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

-- What the owner's comparable quarters, at the season of the planned one, would have made of the target.
attained as (
    select
        recalibrated.planned_start,
        recalibrated.owner_kind,
        recalibrated.owner_id,
        recalibrated.kpi_id,
        case
            when recalibrated.proposed_target <= 0 then null
            when recalibrated.direction = 'higher'
                then {{ divide('comparables.adjusted_value', 'recalibrated.proposed_target') }}
            when comparables.adjusted_value > 0
                then {{ divide('recalibrated.proposed_target', 'comparables.adjusted_value') }}
        end as attainment,
        case
            when recalibrated.direction = 'higher'
                then comparables.adjusted_value >= cast(recalibrated.proposed_target as double)
            else comparables.adjusted_value <= cast(recalibrated.proposed_target as double)
        end as is_met
    from recalibrated
    inner join comparables
        on
            recalibrated.planned_start = comparables.planned_start
            and recalibrated.owner_kind = comparables.owner_kind
            and recalibrated.owner_id = comparables.owner_id
            and recalibrated.kpi_id = comparables.kpi_id
),

expected as (
    select
        planned_start,
        owner_kind,
        owner_id,
        kpi_id,
        round(percentile_cont(0.25) within group (order by attainment), 6) as attainment_p25,
        round(percentile_cont(0.5) within group (order by attainment), 6) as attainment_p50,
        round(percentile_cont(0.75) within group (order by attainment), 6) as attainment_p75,
        count(*) filter (where is_met) as met_quarters,
        {{ divide('count(*) filter (where is_met)', 'count(is_met)') }} as met_share
    from attained
    group by planned_start, owner_kind, owner_id, kpi_id
),

last_counted as (
    select
        owner_kind,
        owner_id,
        employee_count
    from owners
    qualify row_number() over (partition by owner_kind, owner_id order by period_start desc) = 1
),

proposed as (
    select
        recalibrated.planned_start as period_start,
        cast(recalibrated.planned_start + interval '3' month as date) as next_period_start,
        recalibrated.owner_kind,
        recalibrated.owner_id,
        cast(coalesce(last_counted.employee_count, 0) as bigint) as employee_count,
        recalibrated.kpi_id,
        kpis.name as kpi_name,
        kpis.name_zh as kpi_name_zh,
        recalibrated.unit,
        recalibrated.direction,
        recalibrated.current_start,
        {{ round_money('recalibrated.current_target', 6) }} as current_target,
        {{ round_money('recalibrated.current_red_flag', 6) }} as current_red_flag,
        recalibrated.proposed_target,
        recalibrated.red_flag,
        recalibrated.stretch_target,
        case
            when recalibrated.proposed_target is null then 'no_proposal'
            when recalibrated.is_thin then 'thin_evidence'
            when recalibrated.proposed_target = {{ round_money('recalibrated.current_target', 6) }}
                then 'unchanged'
            when recalibrated.is_held_up or recalibrated.is_held_back then 'step_held'
            else 'proposed'
        end as status,
        recalibrated.own_quarters,
        cast(recalibrated.evidence_count as bigint) as evidence_count,
        recalibrated.minimum_quarters,
        recalibrated.target_quantile,
        recalibrated.largest_step_up,
        recalibrated.largest_step_down,
        recalibrated.is_held_up,
        recalibrated.seasonal_ratio,
        recalibrated.own_value,
        recalibrated.role_value,
        recalibrated.colleague_count,
        recalibrated.benchmark,
        recalibrated.is_drawn_by_benchmark,
        recalibrated.market_growth,
        recalibrated.aimed_value,
        recalibrated.plausible_low,
        recalibrated.plausible_high,
        expected.attainment_p25,
        expected.attainment_p50,
        expected.attainment_p75,
        expected.met_quarters,
        expected.met_share
    from recalibrated
    inner join kpis on recalibrated.kpi_id = kpis.kpi_id
    left join expected
        on
            recalibrated.planned_start = expected.planned_start
            and recalibrated.owner_kind = expected.owner_kind
            and recalibrated.owner_id = expected.owner_id
            and recalibrated.kpi_id = expected.kpi_id
    left join last_counted
        on recalibrated.owner_kind = last_counted.owner_kind and recalibrated.owner_id = last_counted.owner_id
),

with_figures as (
    select
        *,
        {{ target_reason_figures() }}
    from proposed
),

with_texts as (
    select
        *,
        {{ target_reason_texts() }}
    from with_figures
),

with_sentences as (
    select
        *,
        {{ target_reason_sentences() }}
    from with_texts
),

told as (
    select
        period_start,
        next_period_start,
        owner_kind,
        owner_id,
        employee_count,
        kpi_id,
        kpi_name,
        kpi_name_zh,
        unit,
        direction,
        current_start,
        current_target,
        current_red_flag,
        proposed_target,
        red_flag,
        stretch_target,
        status,
        cast(own_quarters as bigint) as own_quarters,
        evidence_count,
        seasonal_ratio,
        own_value,
        role_value,
        benchmark,
        market_growth,
        aimed_value,
        plausible_low,
        plausible_high,
        attainment_p25,
        attainment_p50,
        attainment_p75,
        met_share,
        {{ target_reason('en') }} as reason,
        {{ target_reason('zh') }} as reason_zh
    from with_sentences
)

select * from told
