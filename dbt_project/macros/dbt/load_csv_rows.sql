{#
    Seeds are a company's rules. Where its home holds rules/<seed>.csv, that file takes the seed's place:
    columns are matched by name, an empty field is NULL, and an unknown column or a value of the wrong type
    stops the build. The seed's own column_types hold, so every seed must declare all of them.
    Else dbt-duckdb's own loader runs.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set path = env_var('STEELYARD_HOME', '../data') ~ '/rules/' ~ model['alias'] ~ '.csv' -%}
    {%- set quoted = "'" ~ path | replace("'", "''") ~ "'" -%}
    {%- set found = run_query('select count(*) as files from glob(' ~ quoted ~ ')') -%}
    {%- if found.columns[0].values()[0] == 0 -%}
        {{ return(dbt.duckdb__load_csv_rows(model, agate_table)) }}
    {%- else -%}
        {%- set sql -%}
            insert into {{ this.render() }} by name
            select * from read_csv({{ quoted }}, header = true, all_varchar = true, nullstr = '')
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {{ log('rules/' ~ model['alias'] ~ '.csv of the home takes the place of the seed', info=True) }}
        {{ return(sql) }}
    {%- endif -%}
{% endmacro %}
