{# The lake's Parquet of one entity, as a relation to select from. #}
{% macro lake(entity) -%}
    {{ return(adapter.dispatch('lake')(entity)) }}
{%- endmacro %}

{% macro default__lake(entity) -%}
    {{ return(source('lake', entity)) }}
{%- endmacro %}


{# The declared source of an entity: its contract as dbt's graph holds it. Only while executing. #}
{% macro lake_contract(entity) -%}
    {%- for node in graph.sources.values() if node.source_name == 'lake' and node.name == entity -%}
        {{ return(node) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error("No entity of the lake is called '" ~ entity ~ "'") }}
{%- endmacro %}
