-- Grain: one row a KPI of kind observations, day, dimension, value of it and entity observed. Nothing adds up.
{%- set kpis = [
    'order_to_delivery_median_hours',
] %}
with

united as (
    {%- for kpi in kpis %}
        select
            cast('{{ kpi }}' as string) as kpi_id,
            measured_on,
            cast(dimension as string) as dimension,
            cast(dimension_value as string) as dimension_value,
            cast(entity_id as string) as entity_id,
            cast(amount as double) as amount
        from {{ ref(kpi) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from united
