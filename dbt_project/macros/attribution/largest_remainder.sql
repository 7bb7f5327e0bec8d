{#
    The steps that split an amount of money by credits so that the parts sum to it to the cent. Cents of |amount| times
    credit are counted in whole millionths, so that remainders that are equal on paper are equal here, whatever the
    order of a sum. Each part gets its whole cents; the cents left over go one each to the largest remainders, ties by
    an order of their own; the sign comes back last.
#}

{# Step 1: a part's share of |amount| in millionths of a cent. #}
{% macro share_in_microcents(amount, credit) -%}
    cast(round({{ credit }} * cast(abs({{ amount }}) as double) * 100000000) as bigint)
{%- endmacro %}

{# Step 2: the whole cents of a share. #}
{% macro whole_cents(share) -%}
    cast(({{ share }} - {{ share }} % 1000000) / 1000000 as bigint)
{%- endmacro %}

{# Step 3: the place of a share in the queue for a cent left over. #}
{% macro remainder_place(share, parts, ties) -%}
    row_number() over (partition by {{ parts }} order by {{ share }} % 1000000 desc, {{ ties }})
{%- endmacro %}

{# Step 4: the part in money, where all parts together were given so many whole cents. #}
{% macro share_in_money(amount, share, given, place) -%}
    cast(
        (
            {{ whole_cents(share) }}
            + case when {{ place }} <= cast(abs({{ amount }}) * 100 as bigint) - {{ given }} then 1 else 0 end
        ) * cast(case when {{ amount }} < 0 then -0.01 else 0.01 end as decimal(3,2))
        as decimal(18,2)
    )
{%- endmacro %}
