{#
    One of the home's settings as text (not a SQL literal): business_timezone, base_currency,
    fiscal_year_start, grace_days. Read from STEELYARD_<NAME> at execution only, like the clocks, and checked, since it
    becomes part of SQL.
#}
{% macro setting(name) -%}
    {%- set allowed = {
        'business_timezone': ('[A-Za-z0-9_+/-]+', 'UTC', "an IANA time zone like 'Asia/Shanghai'"),
        'base_currency': ('[A-Z]{3}', 'USD', "an ISO 4217 code like 'CNY'"),
        'fiscal_year_start': ('[1-9]|1[0-2]', '1', 'a month, 1 to 12'),
        'grace_days': ('[0-9]+', '0', 'a number of days'),
    } -%}
    {%- if name not in allowed -%}
        {{ exceptions.raise_compiler_error("No setting is called '" ~ name ~ "': " ~ allowed | join(', ')) }}
    {%- endif -%}
    {%- set pattern, while_parsing, form = allowed[name] -%}
    {%- if execute -%}
        {%- set variable = 'STEELYARD_' ~ name | upper -%}
        {%- set value = env_var(variable, '') -%}
        {%- if not modules.re.fullmatch(pattern, value) -%}
            {{ exceptions.raise_compiler_error(
                variable ~ ' must be ' ~ form ~ ", not '" ~ value
                ~ "'. `steelyard run` sets it from steelyard.yml, or set it in the environment."
            ) }}
        {%- endif -%}
        {{ return(value) }}
    {%- else -%}
        {{ return(while_parsing) }}
    {%- endif -%}
{%- endmacro %}
