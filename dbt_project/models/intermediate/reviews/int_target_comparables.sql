-- Grain: one row a planned quarter, owner, KPI and comparable quarter of the owner's own or of a colleague's.
with

quarters as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter' and is_closed
),

rules as (
    select * from {{ ref('int_recalibration_rules') }}
),

seasons as (
    select * from {{ ref('int_kpi_seasons') }}
),

segments as (
    select * from {{ ref('int_owner_segments') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

every_value as (
    {%- for model in ['int_kpi_values_measured', 'int_kpi_values_derived'] %}
        select
            period_start,
            owner_kind,
            owner_id,
            kpi_id,
            dimension,
            value,
            sample_size,
            employee_count
        from {{ ref(model) }}
        where period_grain = 'quarter' and is_complete and not is_to_date and value is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

-- Whoever moved is a colleague of those in the last post of the quarter.
posts as (
    select
        period_start,
        owner_id,
        role_id,
        team_id
    from segments
    qualify row_number() over (partition by period_start, owner_id order by segment_until desc) = 1
),

closed_before as (
    select
        rules.planned_start,
        rules.kpi_id,
        quarters.period_start as compared_start,
        dense_rank() over (
            partition by rules.planned_start, rules.kpi_id order by quarters.period_start desc
        ) as quarters_ago
    from rules
    inner join quarters on quarters.period_start < rules.planned_start
),

-- The last quarters, and the same quarter of earlier years, each with what the season makes of it.
compared_quarters as (
    select
        rules.planned_start,
        rules.kpi_id,
        closed_before.compared_start,
        rules.direction,
        rules.minimum_sample,
        rules.grows_with_days,
        seasons.seasonal_ratio
    from closed_before
    inner join rules
        on closed_before.planned_start = rules.planned_start and closed_before.kpi_id = rules.kpi_id
    inner join seasons
        on
            rules.planned_start = seasons.planned_start
            and rules.kpi_id = seasons.kpi_id
            and extract(month from closed_before.compared_start) = seasons.season_month
    where
        seasons.seasonal_ratio is not null
        and (
            closed_before.quarters_ago <= rules.recent_quarters
            or (
                extract(month from closed_before.compared_start) = extract(month from rules.planned_start)
                and closed_before.compared_start
                >= rules.planned_start - rules.earlier_years * 12 * interval '1' month
            )
        )
),

-- A value of too small a sample compares with nothing; nor does one employee's past show in a team's row.
own_values as (
    select
        compared_quarters.planned_start,
        compared_quarters.compared_start,
        every_value.owner_kind,
        every_value.owner_id,
        every_value.kpi_id,
        every_value.dimension,
        every_value.value,
        compared_quarters.seasonal_ratio,
        compared_quarters.direction,
        compared_quarters.grows_with_days,
        posts.role_id,
        posts.team_id
    from compared_quarters
    inner join every_value
        on
            compared_quarters.compared_start = every_value.period_start
            and compared_quarters.kpi_id = every_value.kpi_id
    left join posts
        on
            every_value.owner_kind = 'employee'
            and every_value.period_start = posts.period_start
            and every_value.owner_id = posts.owner_id
    where
        every_value.sample_size >= compared_quarters.minimum_sample
        and (every_value.owner_kind = 'employee' or every_value.employee_count <> 1)
),

-- What was measured by shops and is now by categories has no past.
newest as (
    select
        planned_start,
        owner_kind,
        owner_id,
        kpi_id,
        dimension,
        role_id,
        team_id,
        grows_with_days
    from own_values
    qualify row_number() over (
        partition by planned_start, owner_kind, owner_id, kpi_id order by compared_start desc
    ) = 1
),

paired as (
    select
        newest.planned_start,
        newest.owner_kind,
        newest.owner_id,
        newest.kpi_id,
        case when own_values.owner_id = newest.owner_id then 'own' else 'role' end as comparable_kind,
        own_values.owner_id as comparable_owner_id,
        own_values.compared_start,
        own_values.value,
        own_values.seasonal_ratio,
        own_values.value * own_values.seasonal_ratio as adjusted_value,
        own_values.value * own_values.seasonal_ratio
        * case when own_values.direction = 'lower' then -1 else 1 end as merit
    from newest
    inner join own_values
        on
            newest.planned_start = own_values.planned_start
            and newest.owner_kind = own_values.owner_kind
            and newest.kpi_id = own_values.kpi_id
            and newest.dimension = own_values.dimension
    where
        newest.owner_id = own_values.owner_id
        or (
            newest.owner_kind = 'employee'
            and newest.role_id = own_values.role_id
            and newest.team_id = own_values.team_id
            and not newest.grows_with_days
        )
)

select * from paired
