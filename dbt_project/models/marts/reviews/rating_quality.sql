-- One row per quarter and company, department or manager whose people were rated: how the ratings stand to KPI scores and to other managers'. Nothing adds up.
with

thresholds as (
    {{ effectiveness_thresholds(['minimum_rated', 'minimum_owners']) }}
),

employees as (
    select
        period_start,
        is_closed,
        owner_id as employee_id,
        department_id,
        {{ finite('scorecard_total') }} as kpi_score
    from {{ ref('scorecards') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

companies as (
    select distinct org_unit_id from {{ ref('org_units') }}
    where kind = 'company'
),

-- A manager has one voice about an employee, the newest.
ratings as (
    select
        quarter_start,
        employee_id,
        rater_id,
        cast(rating as double) as rating
    from {{ ref('fct_review_ratings') }}
    where rater_kind = 'manager' and rating is not null
    qualify row_number() over (
        partition by quarter_start, employee_id, rater_id order by rated_at desc, rating_id desc
    ) = 1
),

measured as (
    select distinct
        period_start,
        owner_id as employee_id,
        kpi_id
    from {{ ref('kpi_scores') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

written as (
    select distinct
        {{ period_start('quarter', 'written_on') }} as period_start,
        employee_id,
        kpi_id
    from {{ ref('fct_diary_entries') }}
    where kpi_id is not null
),

diaries as (
    select
        measured.period_start,
        measured.employee_id,
        {{ divide('count(written.kpi_id)', 'count(*)') }} as diary_coverage
    from measured
    left join written
        on
            measured.period_start = written.period_start
            and measured.employee_id = written.employee_id
            and measured.kpi_id = written.kpi_id
    group by measured.period_start, measured.employee_id
),

rated as (
    select
        employees.period_start,
        employees.is_closed,
        employees.employee_id,
        employees.department_id,
        ratings.rater_id,
        ratings.rating,
        employees.kpi_score,
        ratings.rating - employees.kpi_score as gap,
        diaries.diary_coverage
    from employees
    inner join ratings
        on employees.period_start = ratings.quarter_start and employees.employee_id = ratings.employee_id
    left join diaries
        on employees.period_start = diaries.period_start and employees.employee_id = diaries.employee_id
),

{% set rated_columns = [
    'period_start', 'is_closed', 'employee_id', 'rating', 'kpi_score', 'gap', 'diary_coverage',
] -%}
scopes as (
    select
        {%- for column in rated_columns %}
            rated.{{ column }},
        {%- endfor %}
        'company' as owner_kind,
        companies.org_unit_id as owner_id
    from rated
    cross join companies
    {%- for kind, owner in [('department', 'department_id'), ('employee', 'rater_id')] %}
        union all
        select
            {%- for column in rated_columns %}
                {{ column }},
            {%- endfor %}
            '{{ kind }}' as owner_kind,
            {{ owner }} as owner_id
        from rated
        where {{ owner }} is not null
    {%- endfor %}
),

summed as (
    select
        period_start,
        is_closed,
        owner_kind,
        owner_id,
        count(distinct employee_id) as rated_count,
        cast(count(rating) as double) as n,
        {{ exact_sum('rating') }} as ratings,
        {{ exact_sum('rating * rating') }} as squares,
        cast(count(gap) as double) as compared,
        {{ exact_sum('kpi_score') }} as kpi_scores,
        count(kpi_score) as scored,
        {{ exact_sum('gap') }} as gaps,
        {{ exact_sum('abs(gap)') }} as distances,
        count(diary_coverage) as diaries,
        {{ exact_sum('diary_coverage') }} as diary_coverages
    from scopes
    group by period_start, is_closed, owner_kind, owner_id
),

averaged as (
    select
        summed.period_start,
        summed.is_closed,
        summed.owner_kind,
        summed.owner_id,
        cast(summed.rated_count as bigint) as rated_count,
        cast(summed.compared as bigint) as compared_count,
        summed.ratings / summed.n as mean_rating,
        sqrt(case
            when summed.squares / summed.n > power(summed.ratings / summed.n, 2)
                then summed.squares / summed.n - power(summed.ratings / summed.n, 2)
            else 0
        end) as rating_spread,
        {{ divide('summed.kpi_scores', 'summed.scored') }} as mean_kpi_score,
        {{ divide('summed.gaps', 'summed.compared') }} as mean_gap,
        {{ divide('summed.distances', 'summed.compared') }} as mean_absolute_gap,
        {{ divide('summed.diary_coverages', 'summed.diaries') }} as diary_coverage
    from summed
    inner join thresholds
        on
            summed.rated_count >= case
                when summed.owner_kind = 'employee' then thresholds.minimum_rated
                else thresholds.minimum_owners
            end
),

-- A manager is lenient by as much as the gap to KPI scores is wider than the company's.
lenient as (
    select
        *,
        case
            when owner_kind = 'employee'
                then
                    mean_gap
                    - max(case when owner_kind = 'company' then mean_gap end) over (partition by period_start)
        end as leniency
    from averaged
),

managers as (
    select
        period_start,
        count(leniency) as manager_count,
        max(leniency) - min(leniency) as leniency_range
    from lenient
    group by period_start
),

-- What managers differ by is shown of the company, and from three of them on, so that none is named by it.
compared as (
    select
        lenient.period_start,
        lenient.is_closed,
        lenient.owner_kind,
        lenient.owner_id,
        lenient.rated_count,
        lenient.compared_count,
        lenient.mean_rating,
        lenient.rating_spread,
        lenient.mean_kpi_score,
        lenient.mean_gap,
        lenient.mean_absolute_gap,
        lenient.leniency,
        case
            when lenient.owner_kind = 'company' and managers.manager_count >= thresholds.minimum_rated
                then managers.leniency_range
        end as leniency_range,
        lenient.diary_coverage
    from lenient
    cross join thresholds
    inner join managers on lenient.period_start = managers.period_start
)

select * from compared
