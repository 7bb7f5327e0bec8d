{#
    What channel rules look at, one expression a field, of a relation with the touchpoints' columns: lower case,
    '' where missing, and cut down so that a million touches have few distinct combinations. Of a referrer the
    host counts; of a click id its name where it is written 'gclid=…' or 'gclid:…', else 'present'; the landing
    page only where some rule looks at it. `prefix` stands before each name.
#}
{% macro channel_combination(rules, prefix='') -%}
    lower(coalesce(source, '')) as {{ prefix }}source,
    lower(coalesce(medium, '')) as {{ prefix }}medium,
    lower(coalesce(campaign, '')) as {{ prefix }}campaign,
    coalesce(regexp_extract(lower(referrer), '^(?:[a-z]+:)?(?://)?([^/?#:]*)', 1), '') as {{ prefix }}referrer_host,
    case
        when (select count(landing_page_pattern) from {{ rules }}) > 0 then lower(coalesce(landing_page, ''))
        else ''
    end as {{ prefix }}landing_page,
    case
        when coalesce(click_id, '') = '' then ''
        when regexp_extract(lower(click_id), '^([a-z_]+)[=:]', 1) = '' then 'present'
        else regexp_extract(lower(click_id), '^([a-z_]+)[=:]', 1)
    end as {{ prefix }}click_id
{%- endmacro %}


{# Whether a rule's pattern lets a value pass: an empty pattern lets any pass, any other must match it whole. #}
{% macro pattern_passes(pattern, value) -%}
    ({{ pattern }} is null or {{ regexp_full_match(value, pattern) }})
{%- endmacro %}
