-- Values of a dimension partition what is observed: cut by whatever dimension, a KPI has the same observations. (Of
-- distinct entities the rows may differ: a visitor of two shops may have seen one category.)
with

counted as (
    select
        observed.kpi_id,
        observed.dimension,
        count(*) as observations,
        sum(observed.amount) as amount
    from {{ ref('int_kpi_observations') }} as observed
    inner join {{ ref('dim_kpis') }} as catalog
        on observed.kpi_id = catalog.kpi_id and catalog.statistic <> 'count_distinct'
    group by observed.kpi_id, observed.dimension
),

apart as (
    select kpi_id
    from counted
    group by kpi_id
    having
        max(observations) <> min(observations)
        or max(amount) - min(amount) > 1e-9 * abs(max(amount))
)

select * from apart
