{#
    A select of one row: how many keys of an entity have several rows in the lake, and what settles each. It stands
    beside newest_version and decides nothing. Staging has at most one row a key: where the lake has no more rows than
    staging, no key has two, and nothing is scanned. Counting rows costs next to nothing, grouping millions of keys
    does not.
#}
{% macro key_contests(entity, is_personal) -%}
    {%- set relation = lake(entity) -%}
    {%- set staged = ref('stg_' ~ entity) -%}
    {%- if execute -%}
        {%- set contract = lake_contract(entity) -%}
        {%- set keys = contract['keys'] | join(', ') -%}
        {%- set known = 'from ' ~ relation ~ ' where _exported_at <= ' ~ known_until() -%}
        select
            '{{ entity }}' as entity,
            count(*) as contested_keys,
            count(case when contents = 1 then 1 end) as repeated_keys,
            count(case when contents > 1 and newest_contents = 1 then 1 end) as superseded_keys,
            count(case when newest_contents > 1 then 1 end) as contradictory_keys,
            coalesce(sum(contents - newest_contents), 0) as superseded_versions,
            {% if is_personal -%}
            cast(null as string) as example_key
            {%- else -%}
            min(case when newest_contents > 1 then {{ _joined(contract['keys']) }} end) as example_key
            {%- endif %}
        from (
            select
                {{ keys }},
                count(distinct content) as contents,
                count(distinct case when place = 1 then content end) as newest_contents
            from (
                select
                    {{ keys }},
                    {{ row_hash(contract['columns']) }} as content,
                    rank() over (
                        partition by {{ keys }}
                        order by
                            {% if contract['version_by'] -%} {{ contract['version_by'] }} desc nulls last, {% endif -%}
                            _exported_at desc
                    ) as place
                from (select * {{ known }}) as known
                semi join (
                    select {{ keys }}
                    {{ known }}
                        and (select count(*) {{ known }}) <> (select count(*) from {{ staged }})
                    group by {{ keys }}
                    having count(*) > 1
                ) as contested using ({{ keys }})
            ) as versions
            group by {{ keys }}
        ) as settled
    {%- else -%}
        select * from {{ relation }} cross join {{ staged }}
    {%- endif -%}
{%- endmacro %}


{# Columns as one text, parted by slashes. #}
{% macro _joined(columns) -%}
    {% for column in columns -%}
        cast({{ column }} as string)
        {%- if not loop.last %} || '/' || {% endif -%}
    {%- endfor %}
{%- endmacro %}
