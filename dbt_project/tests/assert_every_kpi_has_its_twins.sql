-- A KPI is a row of the catalogue, a file in its perspective's folder and a name in one list: each that lacks a twin. The
-- list is int_kpi_observations' for kind observations and kpi_daily's for the others; a derived KPI has neither.
{%- set lists = {'kpi_daily': 'daily', 'int_kpi_observations': 'observations'} -%}
{%- set files = [] -%}
{%- set listed = [] -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- if node.name in lists -%}
            {%- for parent in node.depends_on.nodes if parent.split('.')[-1] != 'int_affected_kpi_days' -%}
                {%- do listed.append((parent.split('.')[-1], lists[node.name])) -%}
            {%- endfor -%}
        {%- elif node.fqn[1:3] == ['marts', 'kpis'] and node.fqn | length == 5 -%}
            {%- do files.append((node.name, node.fqn[3])) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endif %}
with

twins as (
    select distinct
        kpi_id,
        perspective,
        case kind
            when 'derived' then 'none'
            when 'observations' then 'observations'
            else 'daily'
        end as list,
        'catalogue' as place
    from {{ ref('kpi_catalog') }}
    {%- for name, folder in files %}
    union all
    select '{{ name }}', '{{ folder }}', null, 'file'
    {%- endfor %}
    {%- for name, list in listed %}
    union all
    select '{{ name }}', null, '{{ list }}', 'list'
    {%- endfor %}
),

counted as (
    select
        kpi_id,
        count(case when place = 'file' then 1 end) as files,
        count(case when place = 'catalogue' then 1 end) as catalogue_rows,
        count(case when place = 'list' then 1 end) as listings,
        count(distinct perspective) as perspectives,
        count(distinct list) as lists,
        case when max(case when place = 'catalogue' then list end) = 'none' then 0 else 1 end as wanted
    from twins
    group by kpi_id
),

alone as (
    select * from counted
    where
        files <> wanted
        or listings <> wanted
        or catalogue_rows <> 1
        or perspectives <> 1
        or lists <> 1
)

select * from alone
