-- NaN is greater than every number to DuckDB: one of them would make a talent of whom it is about.
with

numbers as (
    select 'kpi_values' as place, owner_id, kpi_id, value as number from {{ ref('kpi_values') }}
    union all
    select 'value', owner_id, kpi_id, value from {{ ref('kpi_scores') }}
    union all
    select 'target', owner_id, kpi_id, target from {{ ref('kpi_scores') }}
    union all
    select 'attainment', owner_id, kpi_id, attainment from {{ ref('kpi_scores') }}
    union all
    select 'score', owner_id, kpi_id, score from {{ ref('kpi_scores') }}
    union all
    select 'contribution', owner_id, kpi_id, contribution from {{ ref('kpi_scores') }}
    union all
    select 'scorecard_total', owner_id, null, scorecard_total from {{ ref('scorecards') }}
    union all
    select 'coverage', owner_id, null, coverage from {{ ref('scorecards') }}
),

wrong as (
    select * from numbers
    where number is not null and {{ finite('number') }} is null
)

select * from wrong
