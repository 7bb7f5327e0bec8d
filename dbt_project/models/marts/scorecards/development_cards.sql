-- One row per quarter, employee and place of a KPI among the weakest. Nothing adds up.
with

lines as (
    select * from {{ ref('int_development_lines') }}
    where place <= {{ var('development_card_lines') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

drivers as (
    select * from {{ ref('int_development_drivers') }}
),

events as (
    select * from {{ ref('int_development_events') }}
),

resources as (
    select * from {{ ref('int_development_resources') }}
),

joined as (
    select
        lines.period_start,
        lines.is_closed,
        {{ quarter_label('lines.period_start') }} as quarter,
        lines.employee_id,
        lines.place,
        lines.kpi_id,
        lines.name,
        lines.name_zh,
        lines.unit,
        lines.direction,
        lines.measured_owner_kind,
        lines.value,
        lines.previous_value,
        lines.target,
        lines.red_flag,
        lines.peer_value,
        lines.behind_past,
        lines.behind_target,
        lines.behind_peers,
        lines.weakness,
        lines.score,
        lines.effective_weight,
        lines.contribution,
        parents.name as parent_name,
        parents.name_zh as parent_name_zh,
        drivers.driver_kpi_id,
        drivers.driver_name,
        drivers.driver_name_zh,
        drivers.driver_unit,
        drivers.driver_value,
        events.weakest_month_start,
        events.weakest_month_value,
        events.entry_id,
        events.entry,
        events.written_on,
        events.author_name,
        events.author_name_zh,
        resources.resource_id,
        resources.level,
        resources.resource_name,
        resources.resource_name_zh,
        resources.resource_reference
    from lines
    left join kpis on lines.kpi_id = kpis.kpi_id
    left join kpis as parents on kpis.parent_kpi_id = parents.kpi_id
    left join drivers
        on
            lines.period_start = drivers.period_start
            and lines.employee_id = drivers.employee_id
            and lines.kpi_id = drivers.kpi_id
    left join events
        on
            lines.period_start = events.period_start
            and lines.employee_id = events.employee_id
            and lines.kpi_id = events.kpi_id
    left join resources
        on
            lines.period_start = resources.period_start
            and lines.employee_id = resources.employee_id
            and lines.kpi_id = resources.kpi_id
),

-- The next stage is the first of red flag, target and the best of the role that is not reached yet.
staged as (
    select
        *,
        case
            when target is null then 'none'
            when value is null then 'target'
            when direction = 'lower' and value > red_flag then 'red_flag'
            when direction <> 'lower' and value < red_flag then 'red_flag'
            when direction = 'lower' and value > target then 'target'
            when direction <> 'lower' and value < target then 'target'
            when behind_peers > 0 then 'peers'
            else 'hold'
        end as goal_kind
    from joined
),

aimed as (
    select
        *,
        case goal_kind
            when 'red_flag' then red_flag
            when 'target' then target
            when 'peers' then peer_value
            when 'hold' then value
        end as goal_value
    from staged
),

cards as (
    select
        cast('quarter' as string) as period_grain,
        period_start,
        is_closed,
        employee_id,
        place,
        kpi_id,
        name,
        name_zh,
        unit,
        measured_owner_kind,
        value,
        previous_value,
        target,
        peer_value,
        behind_past,
        behind_target,
        behind_peers,
        weakness,
        score,
        driver_kpi_id,
        driver_value,
        resource_id,
        level,
        resource_name,
        resource_name_zh,
        resource_reference,
        goal_kind,
        goal_value,
        {{ goal_words('en') }} as goal,
        {{ goal_words('zh') }} as goal_zh,
        entry_id,
        {{ situation_words('en') }} as situation,
        {{ situation_words('zh') }} as situation_zh,
        {{ behaviour_words('en') }} as behaviour,
        {{ behaviour_words('zh') }} as behaviour_zh,
        {{ impact_words('en') }} as impact,
        {{ impact_words('zh') }} as impact_zh
    from aimed
)

select * from cards
