-- Every model credits every conversion of its types, once: on touches, each at a position of its own, or on the one
-- unattributed row, never on both.
with

expected as (
    select
        conversions.conversion_id,
        models.model_id
    from {{ ref('fct_conversions') }} as conversions
    inner join {{ ref('int_model_specifications') }} as models
        on conversions.conversion_type = models.conversion_type
    where models.is_path_level
),

credited as (
    select
        conversion_id,
        model_id,
        count(*) as credits,
        count(touch_id) as touches,
        count(distinct position) as positions
    from {{ ref('touch_credits') }}
    group by conversion_id, model_id
),

wrong as (
    select
        coalesce(expected.conversion_id, credited.conversion_id) as conversion_id,
        coalesce(expected.model_id, credited.model_id) as model_id
    from expected
    full outer join credited
        on expected.conversion_id = credited.conversion_id and expected.model_id = credited.model_id
    where
        expected.conversion_id is null
        or credited.conversion_id is null
        or (credited.touches = 0 and credited.credits > 1)
        or (credited.touches > 0 and credited.credits > credited.touches)
        or credited.touches > credited.positions
)

select * from wrong
