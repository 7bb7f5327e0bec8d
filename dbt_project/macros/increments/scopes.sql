{#
    How much of an entity an increment stages again: 'keys' where files only came, 'everything' where one is gone.
    The rows of a file that is gone can no longer be told, so all are staged and compared.
#}
{% macro scope_of_entity(entity) -%}
    {%- set gone = run_query(
        "select count(*) as files from lake._file_changes where is_gone and entity = '" ~ entity ~ "'"
    ) -%}
    {{ return('everything' if gone.columns[0].values()[0] else 'keys') }}
{%- endmacro %}


{#
    Before a staging model of an increment: the keys that it must look at. Those of new files; of files that
    known_until has reached since; and of rows with an instant that as_of has reached since, or has yet to.
#}
{% macro note_changed_keys() -%}
    {%- if execute and model.config.materialized == 'incremental' and is_increment() and is_incremental() -%}
        {%- set entity = model.name[4:] -%}
        {%- if scope_of_entity(entity) == 'keys' -%}
            create or replace table changes.{{ model.name }}__scope as
            {{ keys_to_look_at(entity) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{% macro keys_to_look_at(entity) -%}
    {%- set contract = lake_contract(entity) -%}
    {%- set keys = contract['keys'] | join(', ') -%}
    {%- set files = run_query(
        "select file from lake._file_changes where not is_gone and entity = '" ~ entity ~ "' order by file"
    ).columns[0].values() -%}
    {%- set clocks = run_query(
        'select known_until < ' ~ known_until() ~ ' as later_known, as_of < ' ~ as_of() ~ ' as later_happened, '
        ~ 'cast(known_until as string) as known_until, cast(as_of as string) as as_of from lake._build'
    ).rows[0] -%}
    {%- if files | length > 0 %}
    select {{ keys }} from {{ some_lake_files(entity, files) }}
    where _exported_at <= {{ known_until() }}
    union
    {%- endif %}
    {%- if clocks['later_known'] %}
    select {{ keys }} from {{ lake(entity) }}
    where _exported_at > timestamp '{{ clocks['known_until'] }}' and _exported_at <= {{ known_until() }}
    union
    {%- endif %}
    {%- if clocks['later_happened'] %}
        {%- for column in contract['columns'] %}
            {%- if contract['types'][loop.index0] in ('timestamp', 'date') %}
    select {{ keys }} from {{ lake(entity) }}
    -- A day begins and ends in business_timezone: up to a day earlier or later than in UTC.
    where cast({{ column }} as timestamp) > timestamp '{{ clocks['as_of'] }}' - interval '1' day
    union
            {%- endif %}
        {%- endfor %}
    {%- endif %}
    select {{ keys }} from {{ lake(entity) }}
    where false
{%- endmacro %}


{# Of a select of affected_on with repeats, the days of an increment; none in a build that computes everything. #}
{% macro distinct_days(days) -%}
    {%- if is_increment() -%}
        select distinct affected_on from ({{ days }}) as days
    {%- else -%}
        select cast(null as date) as affected_on where false
    {%- endif -%}
{%- endmacro %}


{# A select of one text column in an increment; no row in a build that computes everything. #}
{% macro rows_of_increment(rows, column) -%}
    {%- if is_increment() -%}
        {{ rows }}
    {%- else -%}
        select cast(null as string) as {{ column }} where false
    {%- endif -%}
{%- endmacro %}


{#
    For a fact that is computed by days: a condition that leaves the rows of the affected days of an increment, and
    every row of a whole build. `instant` (UTC) or `day` is what the row's day is told by; bounds that are written out
    let the engine skip what lies outside them before it works out any day.
#}
{% macro on_affected_days(affected, instant=none, day=none) -%}
    {%- set days = ref(affected) -%}
    {%- if not (is_increment() and is_incremental()) -%}
        true
    {%- else -%}
        {%- set bounds = run_query(
            'select cast(min(affected_on) - 1 as string) as first_on, cast(max(affected_on) + 2 as string) as last_on '
            ~ 'from ' ~ days
        ).rows[0] -%}
        {%- if bounds['first_on'] is none -%}
            false
        {%- else -%}
            {{ instant or day }} >= date '{{ bounds['first_on'] }}'
            and {{ instant or day }} < date '{{ bounds['last_on'] }}'
            and {{ business_day(instant) if instant else day }} in (select affected_on from {{ days }})
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{# For one KPI in kpi_daily: a condition that leaves its affected days, and every day of a KPI computed whole. #}
{% macro on_affected_kpi_days(kpi) -%}
    {%- set affected = ref('int_affected_kpi_days') -%}
    {%- if not (is_increment() and is_incremental()) -%}
        true
    {%- else -%}
        {%- set bounds = run_query(
            'select count(*) as days, count(*) = count(affected_on) as is_by_day, cast(min(affected_on) as string) as first_on, '
            ~ 'cast(max(affected_on) as string) as last_on from ' ~ affected ~ " where kpi_id = '" ~ kpi ~ "'"
        ).rows[0] -%}
        {%- if bounds['days'] == 0 -%}
            false
        {%- elif bounds['is_by_day'] -%}
            measured_on >= date '{{ bounds['first_on'] }}' and measured_on <= date '{{ bounds['last_on'] }}'
            and measured_on in (select affected_on from {{ affected }} where kpi_id = '{{ kpi }}')
        {%- else -%}
            true
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
