-- A KPI is a file in its perspective's folder, a row of the catalogue and a name in kpi_daily's list: each that lacks a twin.
{%- set files = [] -%}
{%- set listed = [] -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.fqn[1:3] == ['marts', 'kpis'] -%}
        {%- if node.name == 'kpi_daily' -%}
            {%- for parent in node.depends_on.nodes if parent.split('.')[-1] != 'int_affected_kpi_days' -%}{%- do listed.append(parent.split('.')[-1]) -%}{%- endfor -%}
        {%- elif node.fqn | length == 5 -%}
            {%- do files.append((node.name, node.fqn[3])) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endif %}
with

twins as (
    select distinct
        kpi_id,
        perspective,
        'catalogue' as place
    from {{ ref('kpi_catalog') }}
    {%- for name, folder in files %}
    union all
    select '{{ name }}', '{{ folder }}', 'file'
    {%- endfor %}
    {%- for name in listed %}
    union all
    select '{{ name }}', null, 'list of kpi_daily'
    {%- endfor %}
),

alone as (
    select
        kpi_id,
        count(case when place = 'file' then 1 end) as files,
        count(distinct case when place = 'catalogue' then 1 end) as catalogue_rows,
        count(case when place = 'list of kpi_daily' then 1 end) as listings,
        count(distinct perspective) as perspectives
    from twins
    group by kpi_id
    having
        count(case when place = 'file' then 1 end) <> 1
        or count(distinct case when place = 'catalogue' then 1 end) <> 1
        or count(case when place = 'list of kpi_daily' then 1 end) <> 1
        or count(distinct perspective) <> 1
)

select * from alone
