-- Grain: one row a quarter to plan, owner and KPI with a target or a scorecard line: its next target, step by step.
with

quarters as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

rules as (
    select * from {{ ref('int_recalibration_rules') }}
),

quantiles as (
    select * from {{ ref('int_target_quantiles') }}
),

seasons as (
    select * from {{ ref('int_kpi_seasons') }}
),

lines as (
    select * from {{ ref('int_scorecard_lines_prorated') }}
    where period_grain = 'quarter'
),

targets as (
    select * from {{ ref('int_kpi_targets_resolved') }}
    where period_grain = 'quarter'
),

matched as (
    select * from {{ ref('int_kpi_benchmarks_matched') }}
    where period_grain = 'quarter'
),

segments as (
    select * from {{ ref('int_owner_segments') }}
    where period_grain = 'quarter'
),

retired as (
    select
        kpi_id,
        min(quarter_start) as quarter_start
    from {{ ref('quarter_decisions') }}
    where kind = 'retire' and is_in_force
    group by kpi_id
),

newest_quarter as (
    select
        max(period_start) as period_start,
        max(elapsed_until) as elapsed_until,
        max(next_period_start) as next_period_start
    from quarters
),

planned as (
    select period_start as planned_start from quarters
    where not is_closed
    union
    select next_period_start from newest_quarter
),

owned as (
    select
        lines.measured_owner_kind as owner_kind,
        lines.measured_owner_id as owner_id,
        lines.kpi_id
    from lines
    inner join newest_quarter on lines.period_start = newest_quarter.period_start
    union
    select
        kpi_targets.owner_kind,
        kpi_targets.owner_id,
        kpi_targets.kpi_id
    from {{ ref('kpi_targets') }} as kpi_targets
    cross join newest_quarter
    where
        kpi_targets.owner_id <> '*'
        and kpi_targets.period_grain in ('*', 'quarter')
        and kpi_targets.valid_from < newest_quarter.elapsed_until
        and (kpi_targets.valid_to is null or kpi_targets.valid_to >= newest_quarter.elapsed_until)
),

-- Owners that were there on the last day known.
wanted as (
    select distinct
        planned.planned_start,
        owned.owner_kind,
        owned.owner_id,
        owned.kpi_id
    from owned
    cross join planned
    cross join newest_quarter
    inner join segments
        on
            newest_quarter.period_start = segments.period_start
            and owned.owner_kind = segments.owner_kind
            and owned.owner_id = segments.owner_id
            and newest_quarter.elapsed_until = segments.segment_until
    left join retired on owned.kpi_id = retired.kpi_id and planned.planned_start >= retired.quarter_start
    where retired.kpi_id is null
),

-- The target of the newest quarter before, of a sum for the whole of it.
current_targets as (
    select
        planned.planned_start,
        targets.owner_kind,
        targets.owner_id,
        targets.kpi_id,
        targets.period_start as current_start,
        targets.period_target as target,
        case
            when targets.target = 0 then targets.red_flag
            else targets.red_flag * {{ divide('targets.period_target', 'targets.target') }}
        end as red_flag
    from planned
    inner join targets on targets.period_start < planned.planned_start
    qualify row_number() over (
        partition by planned.planned_start, targets.owner_kind, targets.owner_id, targets.kpi_id
        order by targets.period_start desc
    ) = 1
),

newest_figures as (
    select
        planned.planned_start,
        matched.owner_kind,
        matched.owner_id,
        matched.kpi_id,
        matched.category_average
    from planned
    inner join matched on matched.period_start < planned.planned_start
    qualify row_number() over (
        partition by planned.planned_start, matched.owner_kind, matched.owner_id, matched.kpi_id
        order by matched.period_start desc
    ) = 1
),

market as (
    select
        period_start,
        kpi_id,
        cast(value as double) as market_size
    from {{ ref('fct_benchmarks') }}
    where statistic = 'market_size' and category = 'all'
),

market_growth as (
    select
        planned.planned_start,
        market.kpi_id,
        {{ divide('market.market_size', 'before.market_size') }} - 1 as market_growth
    from planned
    inner join market on market.period_start < planned.planned_start
    inner join market as before
        on market.kpi_id = before.kpi_id and before.period_start = market.period_start - interval '12' month
    qualify row_number() over (
        partition by planned.planned_start, market.kpi_id order by market.period_start desc
    ) = 1
),

joined as (
    select
        wanted.planned_start,
        wanted.owner_kind,
        wanted.owner_id,
        wanted.kpi_id,
        rules.unit,
        rules.direction,
        rules.decimals,
        rules.significant_digits,
        rules.minimum_quarters,
        rules.target_quantile,
        rules.largest_step_up,
        rules.largest_step_down,
        rules.smallest_stretch,
        rules.smallest_warning,
        rules.is_part_of_whole,
        case when rules.direction = 'lower' then -1 else 1 end as sign,
        current_targets.current_start,
        current_targets.target as current_target,
        current_targets.red_flag as current_red_flag,
        case
            when rules.grows_with_days then seasons.seasonal_ratio else cast(1 as double)
        end as seasonal_ratio,
        coalesce(quantiles.own_quarters, 0) as own_quarters,
        coalesce(quantiles.evidence_count, 0) as evidence_count,
        coalesce(quantiles.own_quarters, 0) < rules.minimum_quarters as is_thin,
        quantiles.own_value,
        quantiles.role_value,
        coalesce(quantiles.colleague_count, 0) as colleague_count,
        quantiles.target_merit,
        quantiles.stretch_merit,
        quantiles.red_flag_merit,
        quantiles.lowest_value - abs(quantiles.lowest_value) * rules.plausible_margin as plausible_low,
        quantiles.highest_value + abs(quantiles.highest_value) * rules.plausible_margin as plausible_high,
        case when not rules.grows_with_days then newest_figures.category_average end as benchmark,
        rules.benchmark_weight,
        case when rules.grows_with_days then market_growth.market_growth end as market_growth,
        1 + coalesce(
            case when rules.grows_with_days then market_growth.market_growth end * rules.growth_share, 0
        ) as growth_factor
    from wanted
    inner join rules on wanted.planned_start = rules.planned_start and wanted.kpi_id = rules.kpi_id
    left join quantiles
        on
            wanted.planned_start = quantiles.planned_start
            and wanted.owner_kind = quantiles.owner_kind
            and wanted.owner_id = quantiles.owner_id
            and wanted.kpi_id = quantiles.kpi_id
    left join current_targets
        on
            wanted.planned_start = current_targets.planned_start
            and wanted.owner_kind = current_targets.owner_kind
            and wanted.owner_id = current_targets.owner_id
            and wanted.kpi_id = current_targets.kpi_id
    left join seasons
        on
            wanted.planned_start = seasons.planned_start
            and wanted.kpi_id = seasons.kpi_id
            and extract(month from current_targets.current_start) = seasons.season_month
    left join newest_figures
        on
            wanted.planned_start = newest_figures.planned_start
            and wanted.owner_kind = newest_figures.owner_kind
            and wanted.owner_id = newest_figures.owner_id
            and wanted.kpi_id = newest_figures.kpi_id
    left join market_growth
        on wanted.planned_start = market_growth.planned_start and wanted.kpi_id = market_growth.kpi_id
),

-- The trade's average draws a target up where it is better, and never down.
drawn as (
    select
        *,
        growth_factor * (
            target_merit
            + case
                when benchmark * sign > target_merit then benchmark_weight * (benchmark * sign - target_merit)
                else 0
            end
        ) as aimed_merit,
        current_target * seasonal_ratio * sign as current_merit,
        abs(current_target * seasonal_ratio) as current_size
    from joined
),

-- A first target has nothing to step from.
stepped as (
    select
        *,
        case
            when current_merit is null then aimed_merit
            else {{ clamp(
                'aimed_merit',
                'current_merit - current_size * largest_step_down',
                'current_merit + current_size * largest_step_up'
            ) }}
        end as proposed_merit
    from drawn
),

-- Stretch target and red flag are as far from the target, in proportion, as their quantiles are from what was aimed at.
spread as (
    select
        *,
        proposed_merit + abs(proposed_merit) * greatest(
            coalesce(
                {{ divide('growth_factor * stretch_merit - aimed_merit', 'abs(aimed_merit)') }},
                smallest_stretch
            ),
            smallest_stretch
        ) as proposed_stretch_merit,
        proposed_merit - abs(proposed_merit) * greatest(
            coalesce(
                {{ divide('aimed_merit - growth_factor * red_flag_merit', 'abs(aimed_merit)') }},
                smallest_warning
            ),
            smallest_warning
        ) as proposed_red_flag_merit
    from stepped
),

-- What is a part of a whole lies between 0 and 1.
bounded as (
    select
        *,
        {%- for name, merit in [
            ('proposed', 'proposed_merit'), ('stretch', 'proposed_stretch_merit'), ('warning', 'proposed_red_flag_merit'),
        ] %}
            case
                when is_thin then null
                when is_part_of_whole then {{ clamp(merit ~ ' * sign', 0, 1) }}
                else {{ merit }} * sign
            end as {{ name }},
        {%- endfor %}
        case
            when aimed_merit = proposed_merit then 'nearest'
            when proposed_merit * sign > current_target * seasonal_ratio then 'down'
            else 'up'
        end as rounding
    from spread
),

rounded as (
    select
        planned_start,
        owner_kind,
        owner_id,
        kpi_id,
        unit,
        direction,
        current_start,
        current_target,
        current_red_flag,
        seasonal_ratio,
        own_quarters,
        evidence_count,
        minimum_quarters,
        target_quantile,
        largest_step_up,
        largest_step_down,
        is_thin,
        own_value,
        role_value,
        colleague_count,
        benchmark,
        benchmark * sign > target_merit as is_drawn_by_benchmark,
        market_growth,
        aimed_merit * sign as aimed_value,
        not is_thin and aimed_merit < proposed_merit as is_held_up,
        not is_thin and aimed_merit > proposed_merit as is_held_back,
        plausible_low,
        plausible_high,
        coalesce(
            {{ rounded_target('proposed', 'decimals', 'significant_digits', 'rounding') }},
            {{ round_money('current_target', 6) }}
        ) as proposed_target,
        {{ rounded_target('stretch', 'decimals', 'significant_digits') }} as stretch_target,
        coalesce(
            {{ rounded_target('warning', 'decimals', 'significant_digits') }},
            {{ round_money('current_red_flag', 6) }}
        ) as red_flag
    from bounded
)

select * from rounded
