-- Grain: one row a period, employee and KPI with enough peers: holders of the role, else of the role's family.
with

kpi_values as (
    select * from {{ ref('kpi_values') }}
    where owner_kind = 'employee' and value is not null
),

catalog as (
    select * from {{ ref('dim_kpis') }}
    where direction in ('higher', 'lower')
),

segments as (
    select * from {{ ref('int_owner_segments') }}
    where owner_kind = 'employee'
),

roles as (
    select * from {{ ref('roles') }}
),

-- Whoever moved is a peer of those in the last post of the period.
posts as (
    select
        segments.period_grain,
        segments.period_start,
        segments.owner_id,
        segments.role_id,
        roles.role_family
    from segments
    left join roles
        on
            segments.role_id = roles.role_id
            and roles.valid_from < segments.segment_until
            and (roles.valid_to is null or roles.valid_to >= segments.segment_until)
    qualify row_number() over (
        partition by segments.period_grain, segments.period_start, segments.owner_id
        order by segments.segment_until desc
    ) = 1
),

-- More is better of `merit`, whichever way the KPI goes.
judged as (
    select
        kpi_values.period_grain,
        kpi_values.period_start,
        kpi_values.owner_id,
        kpi_values.kpi_id,
        posts.role_id,
        posts.role_family,
        case when catalog.direction = 'lower' then -1 else 1 end as sign,
        kpi_values.value * case when catalog.direction = 'lower' then -1 else 1 end as merit
    from kpi_values
    inner join catalog on kpi_values.kpi_id = catalog.kpi_id
    inner join posts
        on
            kpi_values.period_grain = posts.period_grain
            and kpi_values.period_start = posts.period_start
            and kpi_values.owner_id = posts.owner_id
),

grouped as (
    {%- for peer_group in ['role', 'role_family'] %}
        {%- set peer_group_id = 'role_id' if peer_group == 'role' else 'role_family' %}
        select
            period_grain,
            period_start,
            owner_id,
            kpi_id,
            '{{ peer_group }}' as peer_group,
            {{ peer_group_id }} as peer_group_id,
            sign,
            merit
        from judged
        where {{ peer_group_id }} is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

-- The employee is no peer of itself: ten peers are a group of eleven.
groups as (
    select
        period_grain,
        period_start,
        kpi_id,
        peer_group,
        peer_group_id,
        count(*) - 1 as peer_count,
        round(max(sign) * percentile_cont(0.9) within group (order by merit), 9) as top_tenth_value
    from grouped
    group by period_grain, period_start, kpi_id, peer_group, peer_group_id
    having count(*) > {{ var('minimum_peers') }}
),

ranked as (
    select
        grouped.period_grain,
        grouped.period_start,
        grouped.owner_id,
        grouped.kpi_id,
        grouped.peer_group,
        grouped.peer_group_id,
        groups.peer_count,
        groups.top_tenth_value,
        rank() over (
            partition by
                grouped.period_grain, grouped.period_start, grouped.kpi_id, grouped.peer_group,
                grouped.peer_group_id
            order by grouped.merit desc
        ) as peer_rank
    from grouped
    inner join groups
        on
            grouped.period_grain = groups.period_grain
            and grouped.period_start = groups.period_start
            and grouped.kpi_id = groups.kpi_id
            and grouped.peer_group = groups.peer_group
            and grouped.peer_group_id = groups.peer_group_id
),

nearest as (
    select * from ranked
    qualify row_number() over (
        partition by period_grain, period_start, owner_id, kpi_id
        order by case peer_group when 'role' then 1 else 2 end
    ) = 1
)

select * from nearest
