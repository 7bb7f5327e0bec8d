-- What a quarter should bring is not what a month should: only a rate can have one target for both.
with

catalog as (
    select distinct
        kpi_id,
        kind = 'sum' or coalesce(statistic, '') = 'count_distinct' as grows_with_days
    from {{ ref('kpi_catalog') }}
),

wrong as (
    select
        targets.kpi_id,
        targets.owner_kind,
        targets.owner_id
    from {{ ref('kpi_targets') }} as targets
    inner join catalog on targets.kpi_id = catalog.kpi_id
    where catalog.grows_with_days and targets.period_grain = '*'
)

select * from wrong
