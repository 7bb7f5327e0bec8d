{%- set rules = kpi_rules() -%}
{%- set kinds, derived = {}, [] -%}
{%- for rule in rules -%}
    {%- do kinds.update({rule['kpi_id']: rule['kind']}) -%}
    {%- if rule['kind'] == 'derived' -%}{%- do derived.append(rule) -%}{%- endif -%}
{%- endfor -%}
{%- for rule in derived -%}
    {%- do rule.update({
        'sql': kpi_expression(rule['kpi_id'], rule['expression'], rule['parameter'], kinds),
        'parts': kpis_of_expressions([rule['expression']]),
    }) -%}
    {%- do rule.update({'samples': []}) -%}
    {%- for kpi in rule['parts'] -%}
        {%- do rule['samples'].append('sample_of_' ~ kpi) -%}
        {%- if modules.re.search('prior_year_of_' ~ kpi ~ '(?![a-z0-9_])', rule['sql']) -%}
            {%- do rule['samples'].append('prior_sample_of_' ~ kpi) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endfor -%}
{%- set parts = kpis_of_expressions(derived | map(attribute='expression') | list) -%}
-- Grain: one row a period (whole, or cut to be compared with an open one), owner and derived KPI all of whose parts have
-- a row. A part without a value leaves none.
with

measured as (
    select * from {{ ref('int_kpi_values_measured') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
),

-- One row an owner and period, with the parts side by side.
parts as (
    select
        period_grain,
        period_start,
        is_to_date,
        owner_kind,
        owner_id,
        {%- for kpi in parts %}
        max(case when kpi_id = '{{ kpi }}' then dimension end) as dimension_of_{{ kpi }},
        max(case when kpi_id = '{{ kpi }}' then value end) as value_of_{{ kpi }},
        max(case when kpi_id = '{{ kpi }}' then sample_size end) as sample_of_{{ kpi }},
        max(case when kpi_id = '{{ kpi }}' and is_complete then value end) as whole_of_{{ kpi }},
        {%- endfor %}
        max(employee_count) as employee_count
    from measured
    group by period_grain, period_start, is_to_date, owner_kind, owner_id
),

-- An open period's parts stand beside as much of the year before. One employee's past is not shown in a team's growth.
side_by_side as (
    select
        parts.period_grain,
        parts.period_start,
        parts.is_to_date,
        parts.owner_kind,
        parts.owner_id,
        {%- for kpi in parts %}
        parts.dimension_of_{{ kpi }},
        parts.value_of_{{ kpi }},
        parts.sample_of_{{ kpi }},
        parts.whole_of_{{ kpi }},
        past.whole_of_{{ kpi }} as prior_year_of_{{ kpi }},
        past.sample_of_{{ kpi }} as prior_sample_of_{{ kpi }},
        {%- endfor %}
        past.employee_count as prior_employee_count,
        parts.employee_count
    from parts
    left join periods
        on
            not parts.is_to_date
            and parts.period_grain = periods.period_grain
            and parts.period_start = periods.period_start
    left join parts as past
        on
            parts.period_grain = past.period_grain
            and {{ year_before('parts.period_grain', 'parts.period_start') }} = past.period_start
            and (parts.is_to_date or not coalesce(periods.is_closed, true)) = past.is_to_date
            and parts.owner_kind = past.owner_kind
            and parts.owner_id = past.owner_id
            and (parts.owner_kind = 'employee' or past.employee_count <> 1 or parts.employee_count = 1)
),

derived as (
    {%- for rule in derived %}
        {%- set first, others = rule['parts'][0], rule['parts'][1:] %}
        select
            period_grain,
            period_start,
            is_to_date,
            owner_kind,
            owner_id,
            '{{ rule['kpi_id'] }}' as kpi_id,
            case
                when true{% for kpi in others %} and dimension_of_{{ kpi }} = dimension_of_{{ first }}{% endfor %}
                    then dimension_of_{{ first }}
                else '(several)'
            end as dimension,
            {{ finite('(' ~ rule['sql'] ~ ')') }} as value,
            least({{ (rule['samples'] + rule['samples'][:1]) | join(', ') }}) as sample_size,
            employee_count,
            true{% for kpi in rule['parts'] %} and whole_of_{{ kpi }} is not null{% endfor %} as is_complete
        from side_by_side
        where true{% for kpi in rule['parts'] %} and dimension_of_{{ kpi }} is not null{% endfor %}
        union all
    {%- endfor %}
    -- No rows, and the columns' names.
    select
        period_grain,
        period_start,
        is_to_date,
        owner_kind,
        owner_id,
        cast(null as string) as kpi_id,
        cast(null as string) as dimension,
        cast(null as double) as value,
        cast(null as bigint) as sample_size,
        employee_count,
        true as is_complete
    from side_by_side
    where false
)

select * from derived
