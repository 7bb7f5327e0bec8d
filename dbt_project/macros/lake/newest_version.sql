{#
    A select of the newest version of each row of an entity, as known by known_until and not after as_of; the
    version is chosen first, so that a corrected event time moves the fact instead of reviving the old one.
    Key, version_by and event_time are the contract's. The source's own version decides, then the export,
    then a hash of the row, so that no order of arrival makes a difference.
#}
{% macro newest_version(entity) -%}
    {%- set relation = lake(entity) -%}
    {%- if execute -%}
        {%- set contract = lake_contract(entity) -%}
        select {{ contract['columns'] | join(', ') }}
        from {{ relation }}
        where _exported_at <= {{ known_until() }}
        qualify row_number() over (
            partition by {{ contract['keys'] | join(', ') }}
            order by
                {% if contract['version_by'] -%} {{ contract['version_by'] }} desc nulls last, {% endif -%}
                _exported_at desc, {{ row_hash(contract['columns']) }}
        ) = 1
        {%- if contract['event_time'] %}
        and {{ happened_by_as_of(contract['event_time'], contract['event_type']) }}
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
