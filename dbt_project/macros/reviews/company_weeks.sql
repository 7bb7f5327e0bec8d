{#
    A select of the company's closed weeks by KPI. A week of fewer cases than the KPI's minimum sample is not measured:
    two answers a week would be noise, and noise moves with nothing. Of a sum few cases are what it says.
#}
{% macro company_weeks() -%}
    select
        kpi_values.kpi_id,
        kpi_values.period_start as week_start,
        kpi_values.next_period_start as next_week_start,
        {{ finite('kpi_values.value') }} as value
    from {{ ref('kpi_values') }} as kpi_values
    inner join {{ ref('dim_kpis') }} as kpis on kpi_values.kpi_id = kpis.kpi_id
    where
        kpi_values.period_grain = 'week'
        and kpi_values.owner_kind = 'company'
        and kpi_values.is_closed
        and (kpis.kind = 'sum' or kpi_values.sample_size >= kpis.minimum_sample)
{%- endmacro %}
