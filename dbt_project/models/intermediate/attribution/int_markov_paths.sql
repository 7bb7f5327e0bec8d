-- Grain: one row a period, journey specification and distinct path of closed journeys.
with

journeys as (
    select * from {{ ref('int_journeys') }}
),

specifications as (
    select * from {{ ref('int_journey_specifications') }}
),

conversions as (
    select * from {{ ref('fct_conversions') }}
),

-- A journey without a conversion is closed once its look-back has passed; without a path it tells nothing.
closed as (
    select
        journeys.journey_specification_id,
        journeys.ended_on,
        journeys.path,
        journeys.is_converting,
        {{ hours_between('journeys.started_at', 'journeys.ended_at') }} as hours_to_convert,
        conversions.revenue,
        conversions.refunds,
        conversions.margin,
        conversions.new_customers
    from journeys
    inner join specifications
        on journeys.journey_specification_id = specifications.journey_specification_id
    left join conversions
        on journeys.conversion_id = conversions.conversion_id
    where
        journeys.is_converting
        or (
            journeys.path <> ''
            and journeys.ended_at + specifications.look_back_days * interval '1' day < {{ as_of() }}
        )
),

dated as (
    {% for grain in ['month', 'quarter'] %}
        select
            '{{ grain }}' as period_grain,
            {{ period_start(grain, 'ended_on') }} as period_start,
            *
        from closed
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

summed as (
    select
        period_grain,
        period_start,
        journey_specification_id,
        path,
        cast(count(case when is_converting then 1 end) as bigint) as conversions,
        cast(count(case when not is_converting then 1 end) as bigint) as nulls,
        cast(coalesce(sum(revenue), 0) as decimal(18, 2)) as revenue,
        cast(coalesce(sum(refunds), 0) as decimal(18, 2)) as refunds,
        cast(sum(margin) as decimal(18, 2)) as margin,
        cast(coalesce(sum(new_customers), 0) as bigint) as new_customers,
        {{ exact_sum('case when is_converting then hours_to_convert end') }} as hours_to_convert,
        median(case when is_converting then hours_to_convert end) as median_hours_to_convert
    from dated
    group by period_grain, period_start, journey_specification_id, path
)

select * from summed
