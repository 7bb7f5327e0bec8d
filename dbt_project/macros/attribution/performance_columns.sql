{#
    What was attributed beside what was spent, of relations `attributed` and `spent` joined full outer: 0 on the side
    that is absent. A margin that is unknown stays so.
#}
{% macro attributed_beside_spend() -%}
    cast(coalesce(spent.impressions, 0) as bigint) as impressions,
    cast(coalesce(spent.clicks, 0) as bigint) as clicks,
    cast(coalesce(spent.spend, 0) as decimal(18, 6)) as spend,
    coalesce(attributed.conversions, 0) as conversions,
    cast(coalesce(attributed.revenue, 0) as decimal(18, 2)) as revenue,
    cast(coalesce(attributed.refunds, 0) as decimal(18, 2)) as refunds,
    cast(case when attributed.model_id is null then 0 else attributed.margin end as decimal(18, 2)) as margin,
    coalesce(attributed.new_customers, 0) as new_customers
{%- endmacro %}


{#
    Sums and their ratios, of a relation that holds the sums of a row and, as period_revenue and period_spend, those
    of all rows of its day or period. ROAS and paid CAC are of paid channels only.
#}
{% macro performance_columns(sums, is_paid) -%}
    {{ is_paid }} as is_paid,
    {{ sums }}.impressions,
    {{ sums }}.clicks,
    {{ sums }}.spend,
    {{ sums }}.conversions,
    {{ sums }}.revenue,
    {{ sums }}.refunds,
    {{ sums }}.margin,
    {{ sums }}.new_customers,
    cast({{ sums }}.margin - {{ sums }}.spend as decimal(18, 6)) as margin_after_spend,
    case when {{ is_paid }} then {{ divide(sums ~ '.revenue', sums ~ '.spend') }} end as roas,
    {{ divide(sums ~ '.spend', sums ~ '.conversions') }} as cpa,
    case when {{ is_paid }} then {{ divide(sums ~ '.spend', sums ~ '.new_customers') }} end as paid_cac,
    {{ divide(sums ~ '.period_revenue', sums ~ '.period_spend') }} as marketing_efficiency
{%- endmacro %}
