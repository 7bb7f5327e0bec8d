-- Grain: one row a quarter to plan or approved for, KPI and month that a quarter begins in: what the season does to it.
with

quarters as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

-- The open quarter, the one after it, and every quarter that somebody approved a target for.
planned as (
    select period_start as planned_start from quarters
    where not is_closed
    union
    select max(next_period_start) as planned_start from quarters
    union
    select {{ period_start('quarter', 'period_start') }} as planned_start
    from {{ ref('fct_target_approvals') }}
    where period_grain = 'quarter'
),

every_value as (
    {%- for model in ['int_kpi_values_measured', 'int_kpi_values_derived'] %}
        select
            period_start,
            kpi_id,
            value
        from {{ ref(model) }}
        where period_grain = 'quarter' and owner_kind = 'company' and is_complete and not is_to_date
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

-- What a quarter of that month brings the company, over the closed quarters before the planned one.
seasons as (
    select
        planned.planned_start,
        every_value.kpi_id,
        extract(month from every_value.period_start) as season_month,
        {{ divide(exact_sum('every_value.value'), 'count(every_value.value)') }} as usual_value
    from planned
    inner join quarters on quarters.is_closed and quarters.period_start < planned.planned_start
    inner join every_value on quarters.period_start = every_value.period_start
    where every_value.value is not null
    group by planned.planned_start, every_value.kpi_id, extract(month from every_value.period_start)
),

-- A season is told by a factor only where both sides are above 0: revenue can double, a loss cannot.
compared as (
    select
        seasons.planned_start,
        seasons.kpi_id,
        cast(seasons.season_month as bigint) as season_month,
        case
            when seasons.season_month = extract(month from seasons.planned_start) then cast(1 as double)
            when seasons.usual_value > 0 and aims.usual_value > 0
                then {{ divide('aims.usual_value', 'seasons.usual_value') }}
        end as seasonal_ratio
    from seasons
    left join seasons as aims
        on
            seasons.planned_start = aims.planned_start
            and seasons.kpi_id = aims.kpi_id
            and aims.season_month = extract(month from seasons.planned_start)
)

select * from compared
