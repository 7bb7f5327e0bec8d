-- kpi_daily must be what the KPI files say, each under its own name: day by day, dimension by dimension, nothing stale.
-- (A unit test would have to name every file and be one more place to edit for a new KPI.)
{%- set files = [] -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type == 'model' and node.fqn[1:3] == ['marts', 'kpis'] and node.fqn | length == 5 -%}
            {#- Files of observations have no numerator and are not in kpi_daily. -#}
            {%- if 'numerator' in node.columns -%}{%- do files.append(node) -%}{%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endif %}
with

daily as (
    select
        kpi_id,
        measured_on,
        dimension,
        count(*) as row_count,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sample_size) as sample_size
    from {{ ref('kpi_daily') }}
    group by kpi_id, measured_on, dimension
),

files as (
    -- No rows, and the columns' names.
    select
        kpi_id,
        measured_on,
        dimension,
        row_count,
        numerator,
        denominator,
        sample_size
    from daily
    where false
    {%- for node in files %}
    union all
    select
        '{{ node.name }}' as kpi_id,
        measured_on,
        dimension,
        count(*) as row_count,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sample_size) as sample_size
    from {{ node.relation_name }}
    group by measured_on, dimension
    {%- endfor %}
),

apart as (
    select
        coalesce(daily.kpi_id, files.kpi_id) as kpi_id,
        coalesce(daily.measured_on, files.measured_on) as measured_on,
        coalesce(daily.dimension, files.dimension) as dimension
    from daily
    full outer join files
        on
            daily.kpi_id = files.kpi_id
            and daily.measured_on = files.measured_on
            and daily.dimension = files.dimension
    where
        daily.row_count is distinct from files.row_count
        or daily.numerator is distinct from files.numerator
        or daily.denominator is distinct from files.denominator
        or daily.sample_size is distinct from files.sample_size
)

select * from apart
