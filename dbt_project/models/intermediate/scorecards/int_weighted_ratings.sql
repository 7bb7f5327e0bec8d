-- Grain: one row a quarter and employee: the ratings by kind and what they weigh together; nothing adds up.
with

employees as (
    select distinct
        period_start as quarter_start,
        cast(period_start + interval '3' month as date) as next_quarter_start,
        owner_id as employee_id
    from {{ ref('int_scorecard_segments') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
),

-- The kind of the scorecard that weighs most in the quarter.
kinds as (
    select
        period_start as quarter_start,
        owner_id as employee_id,
        scorecard_kind
    from {{ ref('int_scorecard_lines_prorated') }}
    where period_grain = 'quarter' and owner_kind = 'employee'
    group by period_start, owner_id, scorecard_kind
    qualify row_number() over (
        partition by period_start, owner_id order by {{ exact_sum('weight') }} desc, scorecard_kind asc
    ) = 1
),

rules as (
    select * from {{ ref('rater_weights') }}
),

leniency as (
    select
        quarter_start,
        manager_id,
        leniency
    from {{ ref('int_manager_leniency') }}
    where leniency_correction = 'shift' and leniency is not null
),

judged as (
    select * from {{ ref('int_review_ratings_judged') }}
    where is_counted
),

corrected as (
    select
        judged.quarter_start,
        judged.employee_id,
        judged.rater_kind,
        cast(judged.rating as double) as given,
        case
            when leniency.leniency is null then cast(judged.rating as double)
            else {{ clamp('cast(judged.rating as double) - leniency.leniency', 0, 100) }}
        end as rating
    from judged
    left join leniency
        on
            judged.rater_kind = 'manager'
            and judged.quarter_start = leniency.quarter_start
            and judged.rater_id = leniency.manager_id
),

-- Several raters of one kind have one voice together: their mean.
by_kind as (
    select
        quarter_start,
        employee_id,
        rater_kind,
        {{ divide(exact_sum('rating'), 'count(*)') }} as rating,
        {{ divide(exact_sum('given'), 'count(*)') }} as given,
        count(*) as rating_count
    from corrected
    group by quarter_start, employee_id, rater_kind
),

wanted as (
    select
        employees.quarter_start,
        employees.employee_id,
        coalesce(kinds.scorecard_kind, '*') as scorecard_kind,
        rules.rater_kind,
        rules.weight,
        rules.is_required,
        rules.taken_from
    from employees
    left join kinds
        on employees.quarter_start = kinds.quarter_start and employees.employee_id = kinds.employee_id
    left join rules
        on
            {{ holds_before('rules', 'employees.next_quarter_start') }}
            and rules.scorecard_kind in (kinds.scorecard_kind, '*')
    qualify rank() over (
        partition by employees.quarter_start, employees.employee_id
        order by case when rules.scorecard_kind = '*' then 1 else 0 end
    ) = 1
),

rated as (
    select
        wanted.quarter_start,
        wanted.employee_id,
        wanted.scorecard_kind,
        wanted.rater_kind,
        wanted.weight,
        wanted.is_required,
        wanted.taken_from,
        by_kind.rating,
        by_kind.given,
        by_kind.rating_count
    from wanted
    left join by_kind
        on
            wanted.quarter_start = by_kind.quarter_start
            and wanted.employee_id = by_kind.employee_id
            and wanted.rater_kind = by_kind.rater_kind
),

-- What an optional rating weighs is taken from the kind that its rule names.
taken as (
    select
        quarter_start,
        employee_id,
        taken_from,
        sum(weight) as weight
    from rated
    where not is_required and rating is not null
    group by quarter_start, employee_id, taken_from
),

weighed as (
    select
        rated.quarter_start,
        rated.employee_id,
        rated.scorecard_kind,
        rated.rater_kind,
        rated.is_required,
        rated.rating,
        rated.given,
        rated.rating_count,
        case
            when rated.is_required
                then rated.weight * (1 - coalesce(from_all.weight, 0)) - coalesce(from_kind.weight, 0)
            when rated.rating is not null then rated.weight
            else 0
        end as weight
    from rated
    left join taken as from_kind
        on
            rated.quarter_start = from_kind.quarter_start
            and rated.employee_id = from_kind.employee_id
            and rated.rater_kind = from_kind.taken_from
    left join taken as from_all
        on
            rated.quarter_start = from_all.quarter_start
            and rated.employee_id = from_all.employee_id
            and from_all.taken_from = '*'
),

summed as (
    select
        quarter_start,
        employee_id,
        scorecard_kind,
        max(case when rater_kind = 'self' then given end) as self_rating,
        max(case when rater_kind = 'manager' then given end) as manager_rating,
        max(case when rater_kind = 'manager' then rating - given end) as manager_correction,
        max(case when rater_kind = 'hr' then given end) as hr_rating,
        max(case when rater_kind = 'peer' then given end) as peer_rating,
        coalesce(max(case when rater_kind = 'peer' then rating_count end), 0) as peer_count,
        {{ exact_sum('weight * rating') }} as weighted_rating,
        -- NULL for the kind of whom no rule says anything: that is missing, too.
        sum(case when not is_required or rating is not null then 0 else 1 end) as missing_count,
        {{ ordered_text('case when is_required and rating is null then rater_kind end', 'rater_kind') }}
            as missing_raters
    from weighed
    group by quarter_start, employee_id, scorecard_kind
),

reviewed as (
    select
        quarter_start,
        employee_id,
        scorecard_kind,
        self_rating,
        manager_rating,
        manager_correction,
        hr_rating,
        peer_rating,
        peer_count,
        case when missing_count = 0 then weighted_rating end as weighted_rating,
        case when missing_count = 0 then 'complete' else 'incomplete' end as review_status,
        -- Without any rule about raters nobody can know what is missing.
        case when missing_count > 0 then coalesce(missing_raters, '(no rater weights)') end as missing_raters
    from summed
)

select * from reviewed
