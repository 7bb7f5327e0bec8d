-- Grain: one row a quarter and manager who rated enough employees: how the ratings differ from KPI scores and others'.
with

ratings as (
    select
        quarter_start,
        rater_id as manager_id,
        employee_id,
        rating
    from {{ ref('int_review_ratings_judged') }}
    where rater_kind = 'manager' and is_counted
),

kpi_totals as (
    select
        period_start as quarter_start,
        owner_id as employee_id,
        {{ exact_sum('contribution') }} as kpi_score
    from {{ ref('kpi_scores') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
    group by period_start, owner_id
),

policies as (
    select * from {{ ref('review_policies') }}
),

compared as (
    select
        ratings.quarter_start,
        ratings.manager_id,
        ratings.rating,
        kpi_totals.kpi_score,
        cast(ratings.rating as double) - kpi_totals.kpi_score as difference
    from ratings
    left join kpi_totals
        on ratings.quarter_start = kpi_totals.quarter_start and ratings.employee_id = kpi_totals.employee_id
),

company as (
    select
        quarter_start,
        {{ divide('sum(rating)', 'count(*)') }} as company_rating,
        {{ divide(exact_sum('difference'), 'count(difference)') }} as company_difference
    from compared
    group by quarter_start
),

placed as (
    select
        compared.quarter_start,
        compared.manager_id,
        compared.rating,
        cast(compared.rating as decimal(12, 6)) * cast(compared.rating as decimal(12, 6)) as square,
        compared.kpi_score,
        compared.difference,
        company.company_difference,
        policies.minimum_subordinates,
        policies.leniency_correction,
        case
            when abs(compared.rating - company.company_rating) <= policies.central_band then 1 else 0
        end as is_central
    from compared
    inner join company on compared.quarter_start = company.quarter_start
    inner join policies
        on {{ holds_before('policies', "cast(compared.quarter_start + interval '3' month as date)") }}
),

summed as (
    select
        quarter_start,
        manager_id,
        leniency_correction,
        minimum_subordinates,
        company_difference,
        count(*) as rating_count,
        count(difference) as compared_count,
        {{ divide('sum(rating)', 'count(*)') }} as mean_rating,
        {{ divide('sum(square)', 'count(*)') }} as mean_square,
        {{ divide(exact_sum('kpi_score'), 'count(kpi_score)') }} as mean_kpi_score,
        {{ divide(exact_sum('difference'), 'count(difference)') }} as mean_difference,
        {{ divide('sum(is_central)', 'count(*)') }} as central_tendency
    from placed
    group by quarter_start, manager_id, leniency_correction, minimum_subordinates, company_difference
),

-- Fewer employees than the minimum tell of them, not of their manager.
measured as (
    select
        quarter_start,
        manager_id,
        rating_count,
        compared_count,
        mean_rating,
        sqrt({{ clamp('mean_square - mean_rating * mean_rating', 0, 10000) }}) as rating_spread,
        mean_kpi_score,
        case
            when compared_count >= minimum_subordinates then mean_difference - company_difference
        end as leniency,
        central_tendency,
        leniency_correction
    from summed
    where rating_count >= minimum_subordinates
)

select * from measured
