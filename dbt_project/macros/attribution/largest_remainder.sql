{#
    The three steps that split an amount of money by credits so that the parts sum to it to the cent. Cents of
    |amount| times credit are counted in whole millionths, so that remainders that are equal on paper are equal
    here, whatever the order of a sum. Each part gets its whole cents, the cents left over go one each to the
    largest remainders, ties by an order of their own; the sign comes back last.
#}

{# Step 1: a part's share of |amount| in millionths of a cent. #}
{% macro share_in_microcents(amount, credit) -%}
    cast(round({{ credit }} * cast(abs({{ amount }}) as double) * 100000000) as bigint)
{%- endmacro %}

{# Step 2: the whole cents of a share, and how many cents all shares of the amount leave over. #}
{% macro whole_cents(share) -%}
    cast(({{ share }} - {{ share }} % 1000000) / 1000000 as bigint)
{%- endmacro %}

{% macro cents_left(amount, share, parts) -%}
    cast(abs({{ amount }}) * 100 as bigint) - sum({{ whole_cents(share) }}) over (partition by {{ parts }})
{%- endmacro %}

{% macro remainder_place(share, parts, ties) -%}
    row_number() over (partition by {{ parts }} order by {{ share }} % 1000000 desc, {{ ties }})
{%- endmacro %}

{# Step 3: the part in money. #}
{% macro share_in_money(amount, share, left, place) -%}
    cast(
        ({{ whole_cents(share) }} + case when {{ place }} <= {{ left }} then 1 else 0 end)
        * cast(case when {{ amount }} < 0 then -0.01 else 0.01 end as decimal(3,2))
        as decimal(18,2)
    )
{%- endmacro %}
