{#
    What a data test of single rows has to read. The build before was tested whole, and an increment leaves in
    changes.<model> all that it changed: only new rows can be wrong, and only the keys of changed rows can have come
    to stand twice. Everything is read in a whole build, and of a model that is computed whole.
#}

{# The rows of a model that this build may have made wrong, as a relation to select from. #}
{% macro rows_to_test(relation) -%}
    {%- set changes = changes_of(relation) -%}
    {%- if changes is none -%}
        {{ relation }}
    {%- else -%}
        (select * from {{ changes }} where is_new) as rows_to_test
    {%- endif -%}
{%- endmacro %}


{# The rows of a model whose key (a list of columns) this build touched, as a relation of key and other columns. #}
{% macro keys_to_test(relation, key, others=[]) -%}
    {%- set changes = changes_of(relation) -%}
    {%- if changes is none -%}
        {{ relation }}
    {%- else -%}
        (
            select {{ (key + others) | join(', ') }}
            from {{ relation }}
            semi join (select distinct {{ key | join(', ') }} from {{ changes }} where is_new) as touched
                using ({{ key | join(', ') }})
            union all
            -- No join finds a key that is missing.
            select {{ (key + others) | join(', ') }}
            from {{ changes }}
            where is_new and ({{ key | join(' is null or ') }} is null)
        ) as keys_to_test
    {%- endif -%}
{%- endmacro %}


{# The table of what this increment changed in a model; none where the model was computed whole. #}
{% macro changes_of(relation) -%}
    {%- if not is_increment() -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set name = (relation | string).split('.')[-1].strip('"`') -%}
    {%- set found = run_query(
        "select count(*) as tables from information_schema.tables "
        ~ "where table_schema = 'changes' and table_name = '" ~ name ~ "'"
    ) -%}
    {{ return('changes.' ~ name if found.columns[0].values()[0] else none) }}
{%- endmacro %}


{# dbt's own test of one column, on the keys that were touched. #}
{% macro default__test_unique(model, column_name) -%}
    select
        {{ column_name }} as unique_field,
        count(*) as n_records
    from {{ keys_to_test(model, [column_name]) }}
    where {{ column_name }} is not null
    group by {{ column_name }}
    having count(*) > 1
{%- endmacro %}
