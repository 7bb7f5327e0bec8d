-- NaN is greater than every number to DuckDB: one of them would make a talent of whom it is about.
with

numbers as (
    select
        'kpi_values' as place,
        owner_id,
        kpi_id,
        value as number
    from {{ ref('kpi_values') }}
    union all
    select
        'value' as place,
        owner_id,
        kpi_id,
        value
    from {{ ref('kpi_scores') }}
    union all
    select
        'target' as place,
        owner_id,
        kpi_id,
        target
    from {{ ref('kpi_scores') }}
    union all
    select
        'attainment' as place,
        owner_id,
        kpi_id,
        attainment
    from {{ ref('kpi_scores') }}
    union all
    select
        'score' as place,
        owner_id,
        kpi_id,
        score
    from {{ ref('kpi_scores') }}
    union all
    select
        'contribution' as place,
        owner_id,
        kpi_id,
        contribution
    from {{ ref('kpi_scores') }}
    union all
    select
        'scorecard_total' as place,
        owner_id,
        null as kpi_id,
        scorecard_total
    from {{ ref('scorecards') }}
    union all
    select
        'coverage' as place,
        owner_id,
        null as kpi_id,
        coverage
    from {{ ref('scorecards') }}
    union all
    select
        'scored_value' as place,
        owner_id,
        kpi_id,
        scored_value
    from {{ ref('kpi_scores') }}
    union all
    select
        'kpi_total' as place,
        owner_id,
        null as kpi_id,
        kpi_total
    from {{ ref('scorecards') }}
    union all
    select
        'okr_total' as place,
        owner_id,
        null as kpi_id,
        okr_total
    from {{ ref('scorecards') }}
    union all
    select
        'weighted_rating' as place,
        owner_id,
        null as kpi_id,
        weighted_rating
    from {{ ref('scorecards') }}
    union all
    select
        'progress' as place,
        owner_id,
        null as kpi_id,
        progress
    from {{ ref('okr_progress') }}
    union all
    select
        'key_result_score' as place,
        owner_id,
        null as kpi_id,
        score
    from {{ ref('okr_progress') }}
    union all
    select
        'objective_score' as place,
        owner_id,
        null as kpi_id,
        score
    from {{ ref('okr_scores') }}
),

wrong as (
    select * from numbers
    where number is not null and {{ finite('number') }} is null
)

select * from wrong
