{# The lake's Parquet of one entity, as a relation to select from. #}
{% macro lake(entity) -%}
    {{ return(adapter.dispatch('lake')(entity)) }}
{%- endmacro %}

{% macro default__lake(entity) -%}
    {{ return(source('lake', entity)) }}
{%- endmacro %}


{#
    What staging needs of an entity's contract: columns, keys, version_by, event_time and its type. Only while
    executing. A unit test is given no graph: it reads what create_typed_lake noted at the start of the same run.
#}
{% macro lake_contract(entity) -%}
    {%- if graph.sources is defined -%}
        {{ return(declared_contracts()[entity]) }}
    {%- else -%}
        {%- set noted = run_query("select contract from lake._contracts where entity = '" ~ entity ~ "'") -%}
        {{ return(fromjson(noted.columns[0].values()[0])) }}
    {%- endif -%}
{%- endmacro %}


{# The contract of every entity as dbt's graph of sources declares it, by entity. #}
{% macro declared_contracts() -%}
    {%- set contracts = {} -%}
    {%- for node in graph.sources.values() if node.source_name == 'lake' -%}
        {%- set columns = node.columns.values() | list -%}
        {%- set event_time = node.config.meta.get('event_time') -%}
        {%- do contracts.update({node.name: {
            'columns': columns | map(attribute='name') | list,
            'types': columns | map(attribute='data_type') | list,
            'keys': columns | selectattr('config.meta.key', 'defined') | map(attribute='name') | list,
            'version_by': node.config.meta.get('version_by'),
            'event_time': event_time,
            'event_type': node.columns[event_time].data_type if event_time else none,
        }}) -%}
    {%- endfor -%}
    {{ return(contracts) }}
{%- endmacro %}
