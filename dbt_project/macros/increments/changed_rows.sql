{#
    How the warehouse takes in what is new without computing the rest again. A build is whole or an increment; in an
    increment, a model of the strategy changed_rows computes the rows in its scope, compares them with what stands
    there, writes those that differ, and leaves them, old and new, in changes.<model>. The models after it find their
    own scope in that. Since only true differences travel on, exporting the same rows again changes nothing.
#}

{# Whether this build brings an earlier whole one up to date, instead of computing everything. #}
{% macro is_increment() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(run_query('select is_increment from lake._build').columns[0].values()[0]) }}
{%- endmacro %}


{# The rows of a model that this increment changed, old and new (is_new), as a relation; the model comes first. #}
{% macro changed(model_name) -%}
    {%- do ref(model_name) -%}
    changes.{{ model_name }}
{%- endmacro %}


{#
    What follows `from <model>` to leave only the rows in its scope: by the contract's keys in staging, by the days or
    keys (config.meta.affected_by: {column: model of affected days, or of affected values of that column}) or the
    condition (config.meta.affected_where) that a model declares, else every row.
#}
{% macro within_scope() -%}
    {%- if not (is_increment() and is_incremental()) -%}
    {%- elif model.name.startswith('stg_') -%}
        {%- if scope_of_entity(model.name[4:]) == 'keys' -%}
            semi join changes.{{ model.name }}__scope using ({{ lake_contract(model.name[4:])['keys'] | join(', ') }})
        {%- endif -%}
    {%- elif model.config.meta.get('affected_by') -%}
        {%- for column, affected in model.config.meta['affected_by'].items() -%}
            {%- set values = 'affected_on' if affected.endswith('_days') else column -%}
            semi join (select {{ values }} as {{ column }} from intermediate.{{ affected }}) using ({{ column }})
        {%- endfor -%}
    {%- elif model.config.meta.get('affected_where') -%}
        where {{ model.config.meta['affected_where'] }}
    {%- endif -%}
{%- endmacro %}


{# The strategy: of the rows in scope, those that differ are replaced, and kept in changes.<model>. #}
{% macro get_incremental_changed_rows_sql(arguments) -%}
    {%- set target, fresh = arguments['target_relation'], arguments['temp_relation'] -%}
    {%- set columns = arguments['dest_columns'] | map(attribute='name') | join(', ') -%}
    {%- set keys = arguments['unique_key'] or lake_contract(model.name[4:])['keys'] -%}
    {%- set changes = 'changes.' ~ model.name -%}
    create or replace table {{ changes }} as
    with

    standing as (
        select {{ columns }} from {{ target }}
        {{ within_scope() }}
    ),

    computed as (
        select {{ columns }} from {{ fresh }}
    ),

    differing as (
        select {{ columns }}, false as is_new from (select * from standing except all select * from computed)
        union all
        select {{ columns }}, true as is_new from (select * from computed except all select * from standing)
    )

    select * from differing;

    delete from {{ target }} as target
    using (select distinct {{ keys | join(', ') }} from {{ changes }} where not is_new) as gone
    where {% for key in keys -%} target.{{ key }} is not distinct from gone.{{ key }} {%- if not loop.last %} and {% endif -%} {%- endfor %};

    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ changes }} where is_new
{%- endmacro %}
