-- One row per quarter and employee: the ratings, what they weigh together and what is missing. Nothing adds up.
with

reviews as (
    select * from {{ ref('int_weighted_ratings') }}
),

periods as (
    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'quarter'
),

posts as (
    select * from {{ ref('dim_employees') }}
),

kpi_totals as (
    select
        period_start,
        owner_id as employee_id,
        {{ exact_sum('contribution') }} as kpi_score
    from {{ ref('kpi_scores') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
    group by period_start, owner_id
),

flags as (
    select
        quarter_start,
        employee_id,
        sum(case when is_late then 1 else 0 end) as late_rating_count,
        {{ ordered_text("rater_kind || ': ' || flag", "rater_kind || ': ' || flag || rating_id", '; ') }}
            as rating_flags
    from {{ ref('int_review_ratings_judged') }}
    group by quarter_start, employee_id
),

objections as (
    select
        quarter_start,
        employee_id,
        count(*) as objection_count,
        count(case when outcome = 'pending' then 1 end) as pending_objection_count,
        count(case when outcome = 'upheld' then 1 end) as upheld_objection_count
    from {{ ref('fct_review_objections') }}
    group by quarter_start, employee_id
),

-- Who leads the employee at the end of the quarter, or of the employment, reviews the whole of it.
last_posts as (
    select
        periods.period_start,
        periods.is_closed,
        posts.employee_id,
        posts.manager_id,
        posts.team_id,
        posts.role_id
    from periods
    inner join posts
        on
            posts.valid_from < periods.elapsed_until
            and (posts.valid_to is null or posts.valid_to > periods.period_start)
    qualify row_number() over (
        partition by periods.period_start, posts.employee_id order by posts.valid_from desc
    ) = 1
),

shown as (
    select
        reviews.quarter_start as period_start,
        last_posts.is_closed,
        reviews.employee_id,
        last_posts.manager_id,
        last_posts.team_id,
        last_posts.role_id,
        reviews.scorecard_kind,
        reviews.self_rating,
        reviews.manager_rating,
        reviews.manager_correction,
        reviews.hr_rating,
        reviews.peer_rating,
        cast(reviews.peer_count as bigint) as peer_count,
        reviews.weighted_rating,
        reviews.review_status,
        reviews.missing_raters,
        cast(coalesce(flags.late_rating_count, 0) as bigint) as late_rating_count,
        flags.rating_flags,
        kpi_totals.kpi_score,
        reviews.self_rating - kpi_totals.kpi_score as understanding_gap,
        cast(coalesce(objections.objection_count, 0) as bigint) as objection_count,
        cast(coalesce(objections.pending_objection_count, 0) as bigint) as pending_objection_count,
        cast(coalesce(objections.upheld_objection_count, 0) as bigint) as upheld_objection_count
    from reviews
    left join last_posts
        on reviews.quarter_start = last_posts.period_start and reviews.employee_id = last_posts.employee_id
    left join flags on reviews.quarter_start = flags.quarter_start and reviews.employee_id = flags.employee_id
    left join kpi_totals
        on reviews.quarter_start = kpi_totals.period_start and reviews.employee_id = kpi_totals.employee_id
    left join objections
        on reviews.quarter_start = objections.quarter_start and reviews.employee_id = objections.employee_id
)

select * from shown
