{%- set entry = decimal_ratio('entry_size', 'baseline_customers') -%}
-- Grain: one row a programme and fiscal year that is over: how far its measures went and what the year brings or costs.
with

programs as (
    select * from {{ ref('incentive_programs') }}
),

years as (
    select * from {{ ref('int_pay_years') }}
),

companies as (
    select distinct org_unit_id as company_id from {{ ref('org_units') }}
    where kind = 'company'
),

kpi_values as (
    select * from {{ ref('kpi_values') }}
    where period_grain = 'year' and is_closed
),

running as (
    select
        programs.program_id,
        programs.name,
        programs.name_zh,
        programs.owner_kind,
        programs.owner_id,
        years.year_start,
        cast(years.year_start - interval '12' month as date) as year_before,
        case
            when programs.measured_for = 'company' then 'company' else programs.owner_kind
        end as measured_owner_kind,
        case
            when programs.measured_for = 'company' then companies.company_id else programs.owner_id
        end as measured_owner_id,
        programs.growth_kpi_id,
        programs.growth_threshold,
        programs.uplift_kpi_id,
        programs.pool_share,
        programs.carries_loss,
        programs.split_rule
    from programs
    inner join years
        on
            programs.valid_from < years.next_year_start
            and (programs.valid_to is null or programs.valid_to >= years.next_year_start)
    left join companies on true
),

measured as (
    select
        running.program_id,
        running.name,
        running.name_zh,
        running.owner_kind,
        running.owner_id,
        running.year_start,
        running.growth_kpi_id,
        running.growth_threshold,
        running.uplift_kpi_id,
        running.pool_share,
        running.carries_loss,
        running.split_rule,
        growth.value as growth_value,
        growth_before.value as growth_value_before,
        cast(uplift.numerator as decimal(38, 10)) as uplift_numerator,
        cast(uplift.denominator as bigint) as cohort_customers,
        uplift.value as uplift_value,
        cast(baseline.numerator as decimal(38, 10)) as baseline_numerator,
        cast(baseline.denominator as bigint) as baseline_customers,
        baseline.value as baseline_value
    from running
    {% for name, kpi, year in (
        ('growth', 'growth_kpi_id', 'year_start'), ('growth_before', 'growth_kpi_id', 'year_before'),
        ('uplift', 'uplift_kpi_id', 'year_start'), ('baseline', 'uplift_kpi_id', 'year_before')
    ) %}
        left join kpi_values as {{ name }}
            on
                running.{{ kpi }} = {{ name }}.kpi_id
                and running.{{ year }} = {{ name }}.period_start
                and running.measured_owner_kind = {{ name }}.owner_kind
                and running.measured_owner_id = {{ name }}.owner_id
    {% endfor %}
),

-- Growth to nine places, as attainments: 0.24 on 0.20 is 20 % and no more. Uplift times the customers of the baseline is exact.
grown as (
    select
        *,
        cast(round({{ divide('growth_value', 'growth_value_before') }} - 1, 9) as decimal(18, 9)) as growth,
        cast(
            uplift_numerator * baseline_customers - baseline_numerator * cohort_customers as decimal(38, 10)
        ) as uplift_customers
    from measured
),

signed as (
    select
        *,
        abs(uplift_customers) as uplift_size,
        abs(cast(uplift_customers * pool_share as decimal(38, 14))) as entry_size,
        case when uplift_customers < 0 then -1 else 1 end as uplift_sign
    from grown
),

-- What a year brings: its share of the uplift above the threshold, a loss whatever the growth, nothing where not measured.
entered as (
    select
        *,
        uplift_sign * {{ decimal_ratio('uplift_size', 'baseline_customers') }} as uplift_amount,
        cast(case
            when growth is null or uplift_customers is null or baseline_customers = 0 then 0
            when uplift_sign < 0 and carries_loss then -{{ entry }}
            when uplift_sign < 0 or growth <= growth_threshold then 0
            else {{ entry }}
        end as decimal(18, 2)) as entry_amount
    from signed
)

select * from entered
