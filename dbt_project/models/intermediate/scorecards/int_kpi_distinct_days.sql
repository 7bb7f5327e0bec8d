-- Grain: one row a KPI of statistic count_distinct, dimension, possession and day: entities that its owners see on that
-- day for the first time in the week, month, quarter and year. Distinct entities of a period are thus a sum of days.
with

catalog as (
    select * from {{ ref('dim_kpis') }}
    where statistic = 'count_distinct'
),

possessions as (
    select distinct
        owners.possession_id,
        owned.dimension,
        owned.dimension_value,
        owned.valid_from,
        owned.valid_to
    from {{ ref('int_owner_values') }} as owned
    inner join {{ ref('int_owner_possessions') }} as owners
        on
            owned.owner_kind = owners.owner_kind
            and owned.owner_id = owners.owner_id
            and owned.dimension = owners.dimension
),

bounds as (
    select
        dimension,
        dimension_value,
        valid_from as begins_on
    from possessions
    union
    select
        dimension,
        dimension_value,
        valid_to as begins_on
    from possessions
),

-- A cell is a value between two days on which anybody's ownership of it begins or ends: who owns one owns all of it.
cells as (
    select
        dimension,
        dimension_value,
        begins_on,
        lead(begins_on) over (partition by dimension, dimension_value order by begins_on) as ends_on,
        row_number() over (order by dimension, dimension_value, begins_on) as cell_id
    from bounds
),

possession_cells as (
    select distinct
        possessions.possession_id,
        cells.cell_id
    from possessions
    inner join cells
        on
            possessions.dimension = cells.dimension
            and possessions.dimension_value = cells.dimension_value
            and cells.begins_on >= possessions.valid_from
            and cells.begins_on < possessions.valid_to
),

placed as (
    select
        observed.kpi_id,
        observed.dimension,
        observed.dimension = catalog.primary_dimension as is_primary,
        observed.entity_id,
        observed.measured_on,
        coalesce(cells.cell_id, 0) as cell_id
    from {{ ref('int_kpi_observations') }} as observed
    inner join catalog on observed.kpi_id = catalog.kpi_id
    left join cells
        on
            observed.dimension = cells.dimension
            and observed.dimension_value = cells.dimension_value
            and observed.measured_on >= cells.begins_on
            and observed.measured_on < cells.ends_on
),

followed as (
    select
        kpi_id,
        dimension,
        is_primary,
        entity_id,
        measured_on,
        cell_id,
        lag(measured_on) over (
            partition by kpi_id, dimension, entity_id
            order by measured_on
        ) as seen_before_on,
        min(cell_id) over (
            partition by kpi_id, dimension, entity_id
            order by measured_on
            rows between unbounded preceding and unbounded following
        ) < max(cell_id) over (
            partition by kpi_id, dimension, entity_id
            order by measured_on
            rows between unbounded preceding and unbounded following
        ) as is_of_several_cells
    from placed
),

everything as (
    select
        kpi_id,
        dimension,
        '(everything)' as possession_id,
        measured_on,
        count(*) as observations,
        {{ new_in('week') }} as new_in_week,
        {{ new_in('month') }} as new_in_month,
        {{ new_in('quarter') }} as new_in_quarter,
        {{ new_in('year') }} as new_in_year
    from followed
    where is_primary
    group by kpi_id, dimension, measured_on
),

-- An entity of one cell is seen by all who own the cell alike: counted once for all of them.
in_one_cell as (
    select
        kpi_id,
        dimension,
        cell_id,
        measured_on,
        count(*) as observations,
        {{ new_in('week') }} as new_in_week,
        {{ new_in('month') }} as new_in_month,
        {{ new_in('quarter') }} as new_in_quarter,
        {{ new_in('year') }} as new_in_year
    from followed
    where not is_of_several_cells
    group by kpi_id, dimension, cell_id, measured_on
),

-- One of several cells is followed through each possession by itself.
in_several_cells as (
    select
        followed.kpi_id,
        followed.dimension,
        possession_cells.possession_id,
        followed.measured_on,
        lag(followed.measured_on) over (
            partition by
                followed.kpi_id, followed.dimension, possession_cells.possession_id, followed.entity_id
            order by followed.measured_on
        ) as seen_before_on
    from followed
    inner join possession_cells on followed.cell_id = possession_cells.cell_id
    where followed.is_of_several_cells
),

counted as (
    select
        in_one_cell.kpi_id,
        in_one_cell.dimension,
        possession_cells.possession_id,
        in_one_cell.measured_on,
        in_one_cell.observations,
        in_one_cell.new_in_week,
        in_one_cell.new_in_month,
        in_one_cell.new_in_quarter,
        in_one_cell.new_in_year
    from in_one_cell
    inner join possession_cells on in_one_cell.cell_id = possession_cells.cell_id
    union all
    select
        kpi_id,
        dimension,
        possession_id,
        measured_on,
        count(*) as observations,
        {{ new_in('week') }} as new_in_week,
        {{ new_in('month') }} as new_in_month,
        {{ new_in('quarter') }} as new_in_quarter,
        {{ new_in('year') }} as new_in_year
    from in_several_cells
    group by kpi_id, dimension, possession_id, measured_on
    union all
    select * from everything
),

summed as (
    select
        kpi_id,
        dimension,
        possession_id,
        measured_on,
        cast(sum(observations) as bigint) as observations,
        cast(sum(new_in_week) as bigint) as new_in_week,
        cast(sum(new_in_month) as bigint) as new_in_month,
        cast(sum(new_in_quarter) as bigint) as new_in_quarter,
        cast(sum(new_in_year) as bigint) as new_in_year
    from counted
    group by kpi_id, dimension, possession_id, measured_on
)

select * from summed
