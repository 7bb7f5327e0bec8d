-- One row per last day of a week and segment of high value: customers reached in the days before it over all of them.
with

customers as (
    select * from {{ ref('int_high_value_customers') }}
),

windows as (
    select
        cast(parameter as int) as window_days,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('kpi_catalog') }}
    where kpi_id = 'high_value_reach'
),

ends_of_weeks as (
    select distinct week_start + 6 as measured_on
    from {{ ref('dim_dates') }}
    where {{ happened_by_as_of('week_start + 7', 'date') }}
),

weeks as (
    select
        ends_of_weeks.measured_on,
        ends_of_weeks.measured_on - windows.window_days as reached_after
    from ends_of_weeks
    inner join windows
        on ends_of_weeks.measured_on >= windows.valid_from and ends_of_weeks.measured_on < windows.valid_to
),

members as (
    select
        weeks.measured_on,
        customers.customer_id,
        customers.segment
    from weeks
    inner join customers
        on weeks.measured_on >= customers.valid_from and weeks.measured_on < customers.valid_to
),

-- Who came of their own accord was not reached.
touches as (
    select distinct
        touches.customer_key,
        touches.touched_on
    from {{ ref('fct_touches') }} as touches
    semi join customers on touches.customer_key = customers.customer_id
    where touches.channel_group <> 'direct'
),

reached as (
    select distinct
        weeks.measured_on,
        touches.customer_key
    from weeks
    inner join touches on touches.touched_on > weeks.reached_after and touches.touched_on <= weeks.measured_on
),

summed as (
    select
        members.measured_on,
        'segment' as dimension,
        members.segment as dimension_value,
        cast(count(reached.customer_key) as decimal(28, 10)) as numerator,
        cast(count(*) as decimal(28, 10)) as denominator,
        cast(count(*) as bigint) as sample_size
    from members
    left join reached
        on members.measured_on = reached.measured_on and members.customer_id = reached.customer_key
    group by members.measured_on, members.segment
)

select * from summed
