{#
    Unit tests learn the types of their given rows from the relation they stand for, and the lake's Parquet is
    no relation of the warehouse: so each run lays down one empty table an entity, typed by its contract.
#}
{% macro create_typed_lake() -%}
    {%- if execute and flags.WHICH in ('build', 'test', 'run') -%}
        {%- set own = ['_feed', '_file', '_row', '_item', '_exported_at', '_loaded_at'] -%}
        {%- set own_types = ['string', 'string', 'bigint', 'bigint', 'timestamp', 'timestamp'] -%}
        {%- do run_query('create schema if not exists lake') -%}
        {%- for node in graph.sources.values() if node.source_name == 'lake' -%}
            {%- set columns = [] -%}
            {%- for column in node.columns.values() -%}
                {%- do columns.append(column.name ~ ' ' ~ column.data_type) -%}
            {%- endfor -%}
            {%- for name in own if name not in node.columns -%}
                {%- do columns.append(name ~ ' ' ~ own_types[own.index(name)]) -%}
            {%- endfor -%}
            {%- do run_query('create or replace table lake.' ~ node.name ~ ' (' ~ columns | join(', ') ~ ')') -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
