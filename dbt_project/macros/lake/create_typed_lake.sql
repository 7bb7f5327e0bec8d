{#
    Unit tests learn the types of their given rows from the relation they stand for, and the lake's Parquet is
    no relation of the warehouse: so each run lays down one empty table an entity, typed by its contract, and
    notes the contracts, which a unit test cannot see either.
#}
{% macro create_typed_lake() -%}
    {%- if execute and flags.WHICH in ('build', 'test', 'run') -%}
        {%- set own = {
            '_feed': 'string', '_file': 'string', '_row': 'bigint', '_item': 'bigint',
            '_exported_at': 'timestamp', '_loaded_at': 'timestamp',
        } -%}
        {%- do run_query('create schema if not exists lake') -%}
        {%- set notes = [] -%}
        {%- for entity, contract in declared_contracts().items() -%}
            {%- set columns = [] -%}
            {%- for name in contract['columns'] -%}
                {%- do columns.append(name ~ ' ' ~ contract['types'][loop.index0]) -%}
            {%- endfor -%}
            {%- for name, data_type in own.items() if name not in contract['columns'] -%}
                {%- do columns.append(name ~ ' ' ~ data_type) -%}
            {%- endfor -%}
            {%- set types = columns | join(', ') -%}
            {%- do run_query('create or replace table lake.' ~ entity ~ ' (' ~ types ~ ')') -%}
            {%- set noted = tojson(contract) | replace("'", "''") -%}
            {%- do notes.append("select '" ~ entity ~ "' as entity, '" ~ noted ~ "' as contract") -%}
        {%- endfor -%}
        {%- do run_query('create or replace table lake._contracts as ' ~ notes | join(' union all ')) -%}
    {%- endif -%}
{%- endmacro %}
