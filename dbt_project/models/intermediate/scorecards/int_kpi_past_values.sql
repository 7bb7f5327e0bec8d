-- Grain: one row a period, owner and KPI that has a past: its value in the period before, and in the same of last year.
with

kpi_values as (
    select * from {{ ref('kpi_values') }}
),

pasts as (
    select * from {{ ref('int_kpi_past_periods') }}
),

every_value as (
    {%- for model in ['int_kpi_values_measured', 'int_kpi_values_derived'] %}
        select
            period_grain,
            period_start,
            is_to_date,
            owner_kind,
            owner_id,
            kpi_id,
            dimension,
            value,
            employee_count
        from {{ ref(model) }}
        where is_complete
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

-- What was measured by shops and is now by categories has no past; nor is one employee's past shown in a team's row.
told as (
    select
        kpi_values.period_grain,
        kpi_values.period_start,
        kpi_values.owner_kind,
        kpi_values.owner_id,
        kpi_values.kpi_id,
        max(case when pasts.past_kind = 'previous' then every_value.value end) as previous_value,
        max(case when pasts.past_kind = 'last_year' then every_value.value end) as last_year_value
    from kpi_values
    inner join pasts
        on kpi_values.period_grain = pasts.period_grain and kpi_values.period_start = pasts.period_start
    inner join every_value
        on
            kpi_values.period_grain = every_value.period_grain
            and pasts.past_start = every_value.period_start
            and pasts.is_to_date = every_value.is_to_date
            and kpi_values.owner_kind = every_value.owner_kind
            and kpi_values.owner_id = every_value.owner_id
            and kpi_values.kpi_id = every_value.kpi_id
            and kpi_values.dimension = every_value.dimension
    where
        kpi_values.owner_kind = 'employee' or every_value.employee_count <> 1 or kpi_values.employee_count = 1
    group by
        kpi_values.period_grain, kpi_values.period_start, kpi_values.owner_kind, kpi_values.owner_id,
        kpi_values.kpi_id
)

select * from told
