-- One row per quarter and company, department or manager whose people were rated: how the ratings stand to KPI scores and to other managers'. Nothing adds up.
with

thresholds as (
    {{ effectiveness_thresholds(['minimum_rated', 'minimum_owners']) }}
),

reviews as (
    select * from {{ ref('review_results') }}
),

diaries as (
    select * from {{ ref('diary_coverage') }}
),

leniencies as (
    select * from {{ ref('manager_leniency') }}
),

departments as (
    select
        period_start,
        owner_id as employee_id,
        department_id
    from {{ ref('scorecards') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

companies as (
    select distinct org_unit_id from {{ ref('org_units') }}
    where kind = 'company'
),

rated as (
    select
        reviews.period_start,
        reviews.is_closed,
        reviews.employee_id,
        departments.department_id,
        reviews.manager_id,
        reviews.manager_rating as rating,
        {{ finite('reviews.kpi_score') }} as kpi_score,
        reviews.manager_rating - {{ finite('reviews.kpi_score') }} as gap,
        diaries.coverage as diary_coverage
    from reviews
    left join departments
        on reviews.period_start = departments.period_start and reviews.employee_id = departments.employee_id
    left join diaries
        on reviews.period_start = diaries.period_start and reviews.employee_id = diaries.employee_id
    where reviews.manager_rating is not null
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
    {%- for kind, owner in [('department', 'department_id'), ('employee', 'manager_id')] %}
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
        count(*) as rated_count,
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

managers as (
    select
        period_start,
        count(leniency) as manager_count,
        max(leniency) - min(leniency) as leniency_range
    from leniencies
    group by period_start
),

-- What managers differ by is shown of the company, and from three of them on, so that none is named by it.
compared as (
    select
        averaged.period_start,
        averaged.is_closed,
        averaged.owner_kind,
        averaged.owner_id,
        averaged.rated_count,
        averaged.compared_count,
        averaged.mean_rating,
        averaged.rating_spread,
        averaged.mean_kpi_score,
        averaged.mean_gap,
        averaged.mean_absolute_gap,
        leniencies.leniency,
        leniencies.central_tendency,
        case
            when averaged.owner_kind = 'company' and managers.manager_count >= thresholds.minimum_rated
                then managers.leniency_range
        end as leniency_range,
        averaged.diary_coverage
    from averaged
    cross join thresholds
    left join managers on averaged.period_start = managers.period_start
    left join leniencies
        on
            averaged.owner_kind = 'employee'
            and averaged.period_start = leniencies.period_start
            and averaged.owner_id = leniencies.manager_id
)

select * from compared
