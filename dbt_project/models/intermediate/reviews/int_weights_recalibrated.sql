-- Grain: one row a quarter to plan, scorecard, kind of shop, KPI and whose value counts: its weight, step by step.
with

rules as (
    select * from {{ ref('int_recalibration_rules') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

posts as (
    select * from {{ ref('dim_employees') }}
),

shop_kinds as (
    select * from {{ ref('int_employee_shop_kinds') }}
),

paths as (
    select * from {{ ref('path_statistics') }}
    where category = '(all)' and customer_kind = '(all)'
),

retired as (
    select
        kpi_id,
        min(quarter_start) as retired_from
    from {{ ref('quarter_decisions') }}
    where kind = 'retire' and is_in_force
    group by kpi_id
),

planned as (
    select period_start as planned_start from periods
    where not is_closed
    union
    select max(next_period_start) from periods
),

lines as (
    select
        planned.planned_start,
        scorecard_lines.scorecard_id,
        scorecard_lines.owner_kind,
        scorecard_lines.owner_id,
        scorecard_lines.kpi_id,
        scorecard_lines.measured_for,
        cast(scorecard_lines.weight as double) as weight,
        rules.points_per_touch is not null as is_nurturing,
        coalesce(planned.planned_start >= retired.retired_from, false) as is_retired,
        rules.reference_touches,
        rules.points_per_touch,
        rules.largest_weight_step,
        rules.lowest_weight,
        rules.highest_weight,
        rules.minimum_conversions,
        rules.recent_quarters
    from planned
    inner join {{ ref('scorecard_lines') }} as scorecard_lines
        on
            scorecard_lines.valid_from <= planned.planned_start
            and (scorecard_lines.valid_to is null or scorecard_lines.valid_to > planned.planned_start)
    inner join rules
        on planned.planned_start = rules.planned_start and scorecard_lines.kpi_id = rules.kpi_id
    left join retired on scorecard_lines.kpi_id = retired.kpi_id
),

-- A card that nurtures has a version for each kind of shop that its staff answer for. A unit has one kind, or none.
staff as (
    select distinct
        lines.planned_start,
        lines.scorecard_id,
        lines.owner_kind,
        shop_kinds.employee_id,
        shop_kinds.shop_kind
    from lines
    inner join posts
        on
            (
                (lines.owner_kind = 'role' and lines.owner_id = posts.role_id)
                or (lines.owner_kind = 'team' and lines.owner_id = posts.team_id)
                or (lines.owner_kind = 'department' and lines.owner_id = posts.department_id)
                or (lines.owner_kind = 'employee' and lines.owner_id = posts.employee_id)
            )
            and posts.valid_from < lines.planned_start + interval '3' month
            and (posts.valid_to is null or posts.valid_to > lines.planned_start)
    inner join shop_kinds
        on lines.planned_start = shop_kinds.quarter_start and posts.employee_id = shop_kinds.employee_id
    where lines.is_nurturing
),

versions as (
    select distinct
        planned_start,
        scorecard_id,
        shop_kind
    from staff
    where owner_kind = 'role'
    union
    select
        planned_start,
        scorecard_id,
        min(shop_kind) as shop_kind
    from staff
    where owner_kind <> 'role'
    group by planned_start, scorecard_id
    having count(distinct shop_kind) = 1
    union
    select distinct
        planned_start,
        scorecard_id,
        '(all)' as shop_kind
    from lines
),

-- Of a unit with one kind of shop there is that version alone.
kept_versions as (
    select
        versions.planned_start,
        versions.scorecard_id,
        versions.shop_kind
    from versions
    left join staff
        on
            versions.planned_start = staff.planned_start
            and versions.scorecard_id = staff.scorecard_id
            and staff.owner_kind <> 'role'
            and versions.shop_kind = '(all)'
    group by versions.planned_start, versions.scorecard_id, versions.shop_kind
    having count(distinct staff.shop_kind) <> 1
),

nurturing_kpis as (
    select distinct
        planned_start,
        kpi_id,
        recent_quarters
    from lines
    where is_nurturing
),

touches as (
    select
        nurturing_kpis.planned_start,
        nurturing_kpis.kpi_id,
        paths.shop_kind,
        sum(paths.touched_conversions) as touched_conversions,
        {{ divide(
            exact_sum('paths.mean_touches * paths.touched_conversions'), 'sum(paths.touched_conversions)'
        ) }} as mean_touches
    from nurturing_kpis
    inner join periods
        on
            periods.is_closed
            and periods.period_start < nurturing_kpis.planned_start
            and periods.next_period_start
            > nurturing_kpis.planned_start - nurturing_kpis.recent_quarters * 3 * interval '1' month
    inner join paths on periods.period_start = paths.period_start
    group by nurturing_kpis.planned_start, nurturing_kpis.kpi_id, paths.shop_kind
),

-- What retired lines weighed goes to the others in proportion.
spread as (
    select
        kept_versions.shop_kind,
        lines.planned_start,
        lines.scorecard_id,
        lines.owner_kind,
        lines.owner_id,
        lines.kpi_id,
        lines.measured_for,
        lines.weight as current_weight,
        lines.is_retired,
        lines.reference_touches,
        lines.points_per_touch,
        lines.largest_weight_step,
        lines.lowest_weight,
        lines.highest_weight,
        lines.minimum_conversions,
        touches.mean_touches,
        touches.touched_conversions,
        100 * {{ divide(
            'case when lines.is_retired then 0 else lines.weight end',
            exact_sum(
                'case when lines.is_retired then 0 else lines.weight end',
                over='over (partition by kept_versions.planned_start, kept_versions.scorecard_id, kept_versions.shop_kind)'
            )
        ) }} as weight
    from kept_versions
    inner join lines
        on
            kept_versions.planned_start = lines.planned_start
            and kept_versions.scorecard_id = lines.scorecard_id
    left join touches
        on
            lines.planned_start = touches.planned_start
            and lines.kpi_id = touches.kpi_id
            and kept_versions.shop_kind = touches.shop_kind
            and kept_versions.shop_kind <> '(all)'
),

-- The weight of a nurturing KPI is a straight line in the touches before a purchase, so more touches never earn less.
nurtured as (
    select
        *,
        case
            when not is_retired and touched_conversions >= minimum_conversions then {{ clamp(
                clamp(
                    'weight + points_per_touch * (mean_touches - reference_touches)',
                    'weight - largest_weight_step',
                    'weight + largest_weight_step'
                ),
                'lowest_weight',
                'highest_weight'
            ) }}
        end as nurturing_weight
    from spread
),

-- The other lines share the rest in proportion; where there is none, nothing moves.
shared as (
    select
        *,
        {{ exact_sum('nurturing_weight', over='over card') }} as nurturing_total,
        {{ exact_sum(
            'case when nurturing_weight is null then weight else 0 end', over='over card'
        ) }} as others_total
    from nurtured
    window card as (partition by planned_start, scorecard_id, shop_kind)
),

wished as (
    select
        *,
        case
            -- A card of retired KPIs alone stays as it is until somebody writes it anew.
            when weight is null then current_weight
            when nurturing_total is null or nurturing_total >= 100 or others_total = 0 then weight
            when nurturing_weight is not null then nurturing_weight
            else weight * {{ divide('100 - nurturing_total', 'others_total') }}
        end as wished_weight
    from shared
),

counted as (
    select
        *,
        {{ share_in_microcents(10000, 'wished_weight / 100') }} as weight_microcents
    from wished
),

rounded as (
    select
        *,
        {{ share_in_money(
            10000, 'weight_microcents', 'planned_start, scorecard_id, shop_kind', 'kpi_id, measured_for'
        ) }} as proposed_weight
    from counted
),

told as (
    select
        planned_start as period_start,
        scorecard_id,
        shop_kind,
        owner_kind,
        owner_id,
        kpi_id,
        measured_for,
        {{ round_money('current_weight') }} as current_weight,
        proposed_weight,
        case
            when is_retired and weight is not null then 'retired'
            when is_retired then 'nothing_left'
            when
                points_per_touch is not null and shop_kind <> '(all)'
                and coalesce(touched_conversions, 0) < minimum_conversions
                then 'thin_evidence'
            when nurturing_weight is not null and wished_weight = nurturing_weight then 'nurturing'
            when proposed_weight = {{ round_money('current_weight') }} then 'unchanged'
            else 'makes_room'
        end as status,
        mean_touches,
        cast(touched_conversions as bigint) as touched_conversions,
        reference_touches,
        points_per_touch,
        minimum_conversions
    from rounded
)

select * from told
