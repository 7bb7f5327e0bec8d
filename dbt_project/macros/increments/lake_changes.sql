{#
    What the lake holds now against what the last whole build read: lake._file_changes, and lake._build with the kind
    of this build and the clocks of the one before. Lake files are named by their content and never rewritten, so
    their names alone tell. A build that is no increment computes everything and asks none of this.
#}
{% macro note_lake_changes() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set before = run_query(
            "select count(*) as tables from information_schema.tables "
            ~ "where table_schema = 'lake' and table_name in ('_built', '_built_files')"
        ) -%}
        {%- set increments = not flags.FULL_REFRESH and before.columns[0].values()[0] == 2 -%}
        {%- do run_query('drop schema if exists changes cascade') -%}
        {%- do run_query('create schema changes') -%}
        {%- do run_query('create or replace table lake._present_files as ' ~ lake_files()) -%}
        {%- if increments -%}
            {%- do run_query(
                'create or replace table lake._file_changes as '
                ~ 'select entity, file, false as is_gone from lake._present_files as present '
                ~ 'anti join lake._built_files using (entity, file) union all '
                ~ 'select entity, file, true as is_gone from lake._built_files as built '
                ~ 'anti join lake._present_files using (entity, file)'
            ) -%}
            {%- do run_query(
                'create or replace table lake._build as '
                ~ 'select true as is_increment, as_of, known_until from lake._built'
            ) -%}
        {%- else -%}
            {%- do run_query(
                'create or replace table lake._build as '
                ~ 'select false as is_increment, ' ~ as_of() ~ ' as as_of, ' ~ known_until() ~ ' as known_until'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{#
    Notes what this build has read, for the next one. Whoever starts dbt must ask for a full refresh after a build
    that failed or was of some models only: what changed before it has then not reached every table.
#}
{% macro note_lake_built() -%}
    {%- if execute and flags.WHICH in ('build', 'run') and not flags.EMPTY -%}
        {%- do run_query('create or replace table lake._built_files as select entity, file from lake._present_files') -%}
        {%- do run_query(
            "create or replace table lake._built as select '" ~ env_var('STEELYARD_RUN_ID', '') ~ "' as run_id, "
            ~ as_of() ~ ' as as_of, ' ~ known_until() ~ ' as known_until'
        ) -%}
    {%- endif -%}
{%- endmacro %}


{# A select of entity and file, one row a file of the lake that holds rows. #}
{% macro lake_files() -%}
    {{ return(adapter.dispatch('lake_files')()) }}
{%- endmacro %}

{% macro default__lake_files() -%}
    {{ exceptions.raise_compiler_error('this engine cannot list the lake: build with --full-refresh') }}
{%- endmacro %}

{% macro duckdb__lake_files() -%}
    select
        regexp_extract(path, '([^/]+)/([^/]+)$', 1) as entity,
        regexp_extract(path, '([^/]+)/([^/]+)$', 2) as file
    from (select file as path from glob('{{ lake_folder() }}/*/*.parquet'))
    where not ends_with(path, '/_empty.parquet')
{%- endmacro %}


{# Some of an entity's files, by name, as a relation to select from. #}
{% macro some_lake_files(entity, files) -%}
    {{ return(adapter.dispatch('some_lake_files')(entity, files)) }}
{%- endmacro %}

{% macro duckdb__some_lake_files(entity, files) -%}
    {%- set paths = [] -%}
    {%- for file in files -%}
        {%- do paths.append("'" ~ lake_folder() ~ '/' ~ entity ~ '/' ~ file ~ "'") -%}
    {%- endfor -%}
    read_parquet([{{ paths | join(', ') }}])
{%- endmacro %}


{# The folder of the lake, as text within a SQL literal. #}
{% macro lake_folder() -%}
    {{ (env_var('STEELYARD_HOME', '../data') ~ '/lake') | replace("'", "''") }}
{%- endmacro %}
