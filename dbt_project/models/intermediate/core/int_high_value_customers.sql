-- One row per customer and span of days in which the CRM counts them to a segment of high value; spans do not overlap. The
-- CRM's earlier words are kept: a customer who becomes a VIP today was none in the quarters that are closed.
with

versions as (
    select
        cast(customer_id as string) as customer_id,
        cast(segment as string) as segment,
        cast(coalesce(updated_at, _exported_at) as timestamp) as said_at,
        _exported_at
    from {{ lake('customers') }}
    where _exported_at <= {{ known_until() }} and segment is not null
),

said as (
    select
        customer_id,
        segment,
        {{ business_day('said_at') }} as said_on
    from versions
    where {{ happened_by_as_of('said_at', 'timestamp') }}
    -- The last word of a day is the day's.
    qualify row_number() over (
        partition by customer_id, {{ business_day('said_at') }}
        order by said_at desc, _exported_at desc, segment asc
    ) = 1
),

spans as (
    select
        customer_id,
        segment,
        said_on as valid_from,
        coalesce(
            lead(said_on) over (partition by customer_id order by said_on), date '9999-12-31'
        ) as valid_to
    from said
),

segments as (
    select segment from {{ ref('customer_segments') }}
    where is_high_value
),

high_value as (
    select
        spans.customer_id,
        spans.segment,
        spans.valid_from,
        spans.valid_to
    from spans
    inner join segments on spans.segment = segments.segment
)

select * from high_value
