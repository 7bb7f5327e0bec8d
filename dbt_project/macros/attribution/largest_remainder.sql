{#
    The steps that split an amount of money by credits so that the parts sum to it to the cent. Cents of |amount| times
    credit are counted in whole millionths, so that remainders that are equal on paper are equal here, whatever the
    order of a sum. Each part gets its whole cents; the cents left over go one each to the largest remainders, ties by
    an order of their own; the sign comes back last.
#}

{# An amount of money, a decimal(18,2), in whole cents. #}
{% macro in_cents(amount) -%}
    cast({{ amount }} * 100 as bigint)
{%- endmacro %}

{# Whole cents as an amount of money. #}
{% macro in_money(cents) -%}
    cast({{ cents }} * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}

{# Step 1: a part's share of |cents| in millionths of a cent. #}
{% macro share_in_microcents(cents, credit) -%}
    cast(round({{ credit }} * abs({{ cents }}) * 1000000) as bigint)
{%- endmacro %}

{# Step 2: the whole cents of a share. #}
{% macro whole_cents(share) -%}
    cast(({{ share }} - {{ share }} % 1000000) / 1000000 as bigint)
{%- endmacro %}

{# Step 3: the part in money; the windows over `parts`, all parts of one amount, are sorted once. #}
{% macro share_in_money(cents, share, parts, ties) -%}
    {%- set queue = 'partition by ' ~ parts ~ ' order by ' ~ share ~ ' % 1000000 desc, ' ~ ties -%}
    {%- set given -%}
        sum({{ whole_cents(share) }}) over ({{ queue }} rows between unbounded preceding and unbounded following)
    {%- endset -%}
    {%- set part -%}
        {{ whole_cents(share) }}
        + case when row_number() over ({{ queue }}) <= abs({{ cents }}) - {{ given }} then 1 else 0 end
    {%- endset -%}
    {{ in_money('case when ' ~ cents ~ ' < 0 then -1 else 1 end * (' ~ part ~ ')') }}
{%- endmacro %}
