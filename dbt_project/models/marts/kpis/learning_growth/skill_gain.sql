-- One row per day of the second assessment and employee: levels gained over skills assessed before and after.
with

assessments as (
    select * from {{ ref('fct_skill_assessments') }}
),

-- The newest assessment before learning that is not later; where the training is named, of the same.
pairs as (
    select
        later.assessment_id,
        later.employee_id,
        later.assessed_on,
        later.level - earlier.level as gain,
        earlier.assessment_id as earlier_id
    from assessments as later
    inner join assessments as earlier
        on
            later.employee_id = earlier.employee_id
            and later.skill = earlier.skill
            and later.training_id is not distinct from earlier.training_id
            and later.assessed_on >= earlier.assessed_on
    where later.stage = 'after' and earlier.stage = 'before'
    qualify row_number() over (
        partition by later.assessment_id order by earlier.assessed_on desc, earlier.assessment_id desc
    ) = 1
),

-- Of several assessments after one learning the first counts: what came later has other causes, too.
firsts as (
    select
        employee_id,
        assessed_on,
        gain
    from pairs
    qualify row_number() over (partition by earlier_id order by assessed_on, assessment_id) = 1
),

summed as (
    select
        assessed_on as measured_on,
        'employee' as dimension,
        employee_id as dimension_value,
        cast(sum(gain) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from firsts
    group by assessed_on, employee_id
)

select * from summed
