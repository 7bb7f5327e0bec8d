-- One row per KPI and parent (a KPI at the top has one without). A KPI below two parents stands twice: count KPIs distinct.
with recursive

catalog as (
    select * from {{ ref('dim_kpis') }}
),

links as (
    select * from {{ ref('strategy_links') }}
    where cause_kind = 'kpi' and {{ in_force() }}
),

parents as (
    select
        kpi_id,
        parent_kpi_id
    from catalog
    where parent_kpi_id is not null
),

-- What the catalogue calls the parent, and what the links say of it or add to it. A parent without a link is taken to
-- get better as the child does.
edges as (
    select
        coalesce(links.cause_id, parents.kpi_id) as kpi_id,
        coalesce(links.effect_id, parents.parent_kpi_id) as parent_kpi_id,
        coalesce(links.relation, 'drives') as relation,
        links.expected_sign,
        links.lag_weeks,
        links.share,
        links.owner_kind,
        links.owner_id,
        links.rationale,
        links.rationale_zh
    from links
    full outer join parents
        on links.cause_id = parents.kpi_id and links.effect_id = parents.parent_kpi_id
),

-- One way down to each: it ends even where a cycle, which the tests refuse, has come in.
walks as (
    select
        catalog.kpi_id,
        cast(null as string) as parent_kpi_id,
        catalog.kpi_id as root_kpi_id,
        0 as depth,
        catalog.kpi_id as path,
        '|' || catalog.kpi_id || '|' as visited
    from catalog
    where catalog.kpi_id not in (select edges.kpi_id from edges)
    union all
    select
        edges.kpi_id,
        edges.parent_kpi_id,
        walks.root_kpi_id,
        walks.depth + 1 as depth,
        walks.path || ' > ' || edges.kpi_id as path,
        walks.visited || edges.kpi_id || '|' as visited
    from walks
    inner join edges on walks.kpi_id = edges.parent_kpi_id
    where instr(walks.visited, '|' || edges.kpi_id || '|') = 0
),

shortest as (
    select
        kpi_id,
        parent_kpi_id,
        root_kpi_id,
        depth,
        path
    from walks
    qualify row_number() over (partition by kpi_id, parent_kpi_id order by depth, path) = 1
),

described as (
    select
        shortest.kpi_id,
        catalog.name,
        catalog.name_zh,
        coalesce(shortest.parent_kpi_id, '(top)') as parent_kpi_id,
        shortest.root_kpi_id,
        coalesce(edges.relation, 'top') as relation,
        cast(coalesce(
            edges.expected_sign,
            case
                when catalog.direction = parent_kpis.direction then 1
                when parent_kpis.kpi_id is not null then -1
            end
        ) as bigint) as expected_sign,
        cast(edges.lag_weeks as bigint) as lag_weeks,
        case when edges.relation = 'adds_up' then cast(coalesce(edges.share, 1) as double) end as share,
        catalog.level,
        cast(shortest.depth as bigint) as depth,
        shortest.path,
        catalog.perspective,
        catalog.purpose,
        catalog.objective_id,
        coalesce(edges.owner_kind, 'role') as owner_kind,
        coalesce(edges.owner_id, catalog.owner_role) as owner_id,
        edges.owner_kind is not null as is_owner_of_link,
        edges.rationale,
        edges.rationale_zh
    from shortest
    inner join catalog on shortest.kpi_id = catalog.kpi_id
    left join edges on shortest.kpi_id = edges.kpi_id and shortest.parent_kpi_id = edges.parent_kpi_id
    left join catalog as parent_kpis on shortest.parent_kpi_id = parent_kpis.kpi_id
)

select * from described
