-- Grain: one row a planned quarter and KPI: the rule that its next targets and weights follow.
with

planned as (
    select distinct planned_start from {{ ref('int_kpi_seasons') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

rules as (
    select * from {{ ref('recalibration_rules') }}
),

-- A KPI's own rule comes before that of its unit.
nearest as (
    select
        planned.planned_start,
        kpis.kpi_id,
        kpis.unit,
        kpis.direction,
        kpis.minimum_sample,
        kpis.kind = 'sum' or coalesce(kpis.statistic, '') = 'count_distinct' as grows_with_days,
        kpis.kind in ('ratio', 'share') and kpis.unit = 'fraction' as is_part_of_whole,
        {%- for column in [
            'target_quantile', 'stretch_quantile', 'red_flag_quantile', 'own_weight', 'role_weight',
            'benchmark_weight', 'growth_share', 'largest_step_up', 'largest_step_down', 'smallest_stretch',
            'smallest_warning', 'plausible_margin', 'reference_touches', 'points_per_touch', 'largest_weight_step',
            'lowest_weight', 'highest_weight',
        ] %}
            cast(rules.{{ column }} as double) as {{ column }},
        {%- endfor %}
        rules.recent_quarters,
        rules.earlier_years,
        rules.minimum_quarters,
        rules.decimals,
        rules.significant_digits,
        rules.minimum_conversions
    from planned
    cross join kpis
    inner join rules
        on
            (rules.kpi_id = kpis.kpi_id or (rules.kpi_id = '*' and rules.unit = kpis.unit))
            and rules.valid_from <= planned.planned_start
            and (rules.valid_to is null or rules.valid_to > planned.planned_start)
    qualify row_number() over (
        partition by planned.planned_start, kpis.kpi_id
        order by case when rules.kpi_id = '*' then 1 else 0 end
    ) = 1
)

select * from nearest
