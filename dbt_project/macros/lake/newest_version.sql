{#
    A select of the newest version of each row of an entity, as known by known_until and not after as_of; the
    version is chosen first, so that a corrected event time moves the fact instead of reviving the old one.
    Key, version_by and event_time are the contract's. The source's own version decides, then the export,
    then a hash of the row, so that no order of arrival makes a difference. An increment looks at all versions of
    the keys in its scope and at no other key.
#}
{% macro newest_version(entity) -%}
    {%- set relation = lake(entity) -%}
    {%- if execute -%}
        {%- set contract = lake_contract(entity) -%}
        {%- set columns = contract['columns'] | join(', ') -%}
        {%- set keys = contract['keys'] | join(', ') -%}
        with

        exported as (
            select {{ columns }}, _exported_at
            from {{ relation }}
            {{ within_scope() }}
            where _exported_at <= {{ known_until() }}
        ),

        -- Most keys have one version; only where there are more is a row hashed and ranked.
        contested as (
            select {{ keys }}
            from exported
            group by {{ keys }}
            having count(*) > 1
        ),

        settled as (
            select {{ columns }}
            from exported
            anti join contested using ({{ keys }})
        ),

        decided as (
            select {{ columns }}
            from exported
            semi join contested using ({{ keys }})
            qualify row_number() over (
                partition by {{ keys }}
                order by
                    {% if contract['version_by'] -%} {{ contract['version_by'] }} desc nulls last, {% endif -%}
                    _exported_at desc, {{ row_hash(contract['columns']) }}
            ) = 1
        ),

        newest as (
            select * from settled
            union all
            select * from decided
        )

        select *
        from newest
        {%- if contract['event_time'] %}
        where {{ happened_by_as_of(contract['event_time'], contract['event_type']) }}
        {%- endif %}
    {%- else -%}
        select * from {{ relation }}
    {%- endif -%}
{%- endmacro %}


{# md5 over columns in the order given, parted by a character that no text holds; NULL and '' differ. #}
{% macro row_hash(columns) -%}
    md5({% for column in columns -%}
        coalesce('=' || cast({{ column }} as string), '-')
        {%- if not loop.last %} || chr(31) || {% endif -%}
    {%- endfor %})
{%- endmacro %}
