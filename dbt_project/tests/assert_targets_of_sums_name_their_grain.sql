-- What a quarter should bring is not what a month should: only a rate can have one target for both.
with

catalog as (
    select distinct
        kpi_id,
        kind
    from {{ ref('kpi_catalog') }}
),

wrong as (
    select
        targets.kpi_id,
        targets.owner_kind,
        targets.owner_id
    from {{ ref('kpi_targets') }} as targets
    inner join catalog on targets.kpi_id = catalog.kpi_id
    where catalog.kind = 'sum' and targets.period_grain = '*'
)

select * from wrong
