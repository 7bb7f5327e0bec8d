-- Journeys are cut at conversions: each conversion ends exactly one, and no touch of a customer at risk is lost or in
-- two. A type whose customers are at risk all the time has every touch of its kinds.
with

expected as (
    select
        specifications.journey_specification_id,
        count(conversions.conversion_id) as conversions
    from {{ ref('int_journey_specifications') }} as specifications
    left join {{ ref('fct_conversions') }} as conversions
        on specifications.conversion_type = conversions.conversion_type
    group by specifications.journey_specification_id
),

touched as (
    select
        specifications.journey_specification_id,
        not specifications.ends_at_first_order
        and not specifications.begins_after_first_order
        and not specifications.ends_at_first_conversion as is_always_at_risk,
        count(touches.touch_id) as touches
    from {{ ref('int_journey_specifications') }} as specifications
    left join {{ ref('fct_touches') }} as touches
        on {{ list_holds('specifications.touch_kinds', 'touches.touch_kind') }}
    group by
        specifications.journey_specification_id,
        specifications.ends_at_first_order,
        specifications.begins_after_first_order,
        specifications.ends_at_first_conversion
),

ended as (
    select
        journey_specification_id,
        count(conversion_id) as conversions,
        count(distinct conversion_id) as distinct_conversions,
        sum(touch_count) as touches
    from {{ ref('int_journeys') }}
    group by journey_specification_id
),

unequal as (
    select expected.journey_specification_id
    from expected
    inner join touched
        on expected.journey_specification_id = touched.journey_specification_id
    left join ended
        on expected.journey_specification_id = ended.journey_specification_id
    where
        expected.conversions <> coalesce(ended.conversions, 0)
        or expected.conversions <> coalesce(ended.distinct_conversions, 0)
        or coalesce(ended.touches, 0) > touched.touches
        or (touched.is_always_at_risk and coalesce(ended.touches, 0) < touched.touches)
)

select * from unequal
