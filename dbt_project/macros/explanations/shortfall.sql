{#
    How far a value lies behind what it is compared with, as a fraction of the latter; negative where it is ahead.
    NULL where either is missing or the reference is 0: nothing can be a share of it.
#}
{% macro shortfall(value, reference, direction) -%}
    {{ divide(
        'case when ' ~ direction ~ " = 'lower' then " ~ value ~ ' - ' ~ reference ~ ' else ' ~ reference ~ ' - '
        ~ value ~ ' end',
        'abs(' ~ reference ~ ')'
    ) }}
{%- endmacro %}


{# The mean of those of three numbers that are there; NULL where none is. #}
{% macro mean_of_known(first, second, third) -%}
    {{ divide(
        'coalesce(' ~ first ~ ', 0) + coalesce(' ~ second ~ ', 0) + coalesce(' ~ third ~ ', 0)',
        'case when ' ~ first ~ ' is null then 0 else 1 end + case when ' ~ second
        ~ ' is null then 0 else 1 end + case when ' ~ third ~ ' is null then 0 else 1 end'
    ) }}
{%- endmacro %}

