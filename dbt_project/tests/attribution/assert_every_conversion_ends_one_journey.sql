-- Journeys are cut at conversions: each conversion ends exactly one, and no touch is in two.
with

expected as (
    select
        specifications.specification_id,
        count(conversions.conversion_id) as conversions
    from {{ ref('int_path_specifications') }} as specifications
    left join {{ ref('fct_conversions') }} as conversions
        on specifications.conversion_type = conversions.conversion_type
    where specifications.path_starts = 'previous_conversion'
    group by specifications.specification_id
),

touched as (
    select
        specifications.specification_id,
        count(touches.touch_id) as touches
    from {{ ref('int_path_specifications') }} as specifications
    left join {{ ref('fct_touches') }} as touches
        on {{ list_holds('specifications.touch_kinds', 'touches.touch_kind') }}
    where specifications.path_starts = 'previous_conversion'
    group by specifications.specification_id
),

ended as (
    select
        specification_id,
        count(conversion_id) as conversions,
        count(distinct conversion_id) as distinct_conversions,
        sum(touch_count) as touches
    from {{ ref('int_journeys') }}
    group by specification_id
),

unequal as (
    select expected.specification_id
    from expected
    inner join touched
        on expected.specification_id = touched.specification_id
    left join ended
        on expected.specification_id = ended.specification_id
    where
        expected.conversions <> coalesce(ended.conversions, 0)
        or expected.conversions <> coalesce(ended.distinct_conversions, 0)
        or touched.touches <> coalesce(ended.touches, 0)
)

select * from unequal
