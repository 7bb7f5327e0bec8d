-- One row per progress review, owner and KPI or key result: how far the quarter is, and whether in time. Nothing adds up.
with

policies as (
    select * from {{ ref('review_policies') }} as rules
    where {{ holds_before('rules', business_day(as_of()) ~ ' + 1') }}
),

reviews as (
    select
        dates.held_on,
        dates.is_held,
        dates.through_on,
        {{ period_start('quarter', 'dates.through_on') }} as quarter_start,
        cast(
            {{ period_start('quarter', 'dates.through_on') }} + interval '3' month as date
        ) as next_quarter_start
    from {{ ref('int_rhythm_dates') }} as dates
    inner join policies on dates.days_ago <= policies.rhythm_weeks * 7
    where dates.rhythm_id = 'progress_review'
),

expected as (
    select * from {{ ref('int_progress_paced') }}
),

owners as (
    select * from {{ ref('int_owner_periods') }}
    where period_grain = 'quarter'
),

check_ins as (
    select * from {{ ref('fct_okr_check_ins') }}
),

key_result_owners as (
    select
        kind as owner_kind,
        org_unit_id as owner_id
    from {{ ref('org_units') }}
    union
    select
        'employee' as owner_kind,
        employee_id as owner_id
    from {{ ref('dim_employees') }}
),

attained as (
    select
        held_on,
        is_held,
        through_on,
        quarter_start,
        period_days,
        elapsed_days,
        owner_kind,
        owner_id,
        'kpi' as item_kind,
        kpi_id as item_id,
        value,
        target,
        target_to_date,
        case
            when target_to_date > 0 and direction = 'higher' then {{ divide('value', 'target_to_date') }}
            when target_to_date > 0 and value > 0 then {{ divide('target_to_date', 'value') }}
        end as attainment,
        cast(null as double) as confidence,
        case
            when {{ finite('value') }} is null then 'no_value'
            when target_to_date is null then 'no_target'
            when target_to_date <= 0 then 'invalid_target'
            when direction = 'higher' and value >= target_to_date * (1 - pace_tolerance) then 'on_track'
            when direction = 'lower' and value * (1 - pace_tolerance) <= target_to_date then 'on_track'
            else 'behind'
        end as status
    from expected
),

key_results as (
    select
        reviews.held_on,
        reviews.is_held,
        reviews.through_on,
        reviews.quarter_start,
        {{ days_between('reviews.quarter_start', 'reviews.next_quarter_start') }} as period_days,
        {{ days_between('reviews.quarter_start', 'reviews.through_on + 1') }} as elapsed_days,
        key_result_owners.owner_kind,
        key_result_owners.owner_id,
        'key_result' as item_kind,
        check_ins.key_result_id as item_id,
        cast(check_ins.current_value as double) as value,
        cast(null as double) as target,
        cast(null as double) as target_to_date,
        cast(null as double) as attainment,
        cast(check_ins.confidence as double) as confidence,
        'checked_in' as status
    from reviews
    inner join check_ins
        on
            check_ins.checked_in_on <= reviews.through_on
            and check_ins.checked_in_on >= reviews.quarter_start
    inner join key_result_owners on check_ins.owner_id = key_result_owners.owner_id
    qualify row_number() over (
        partition by
            reviews.held_on, check_ins.key_result_id, key_result_owners.owner_kind, key_result_owners.owner_id
        order by check_ins.checked_in_at desc, check_ins.check_in_id desc
    ) = 1
),

items as (
    select * from attained
    union all
    select * from key_results
),

shown as (
    select
        items.held_on,
        items.is_held,
        items.quarter_start as period_start,
        items.through_on,
        cast(items.elapsed_days as bigint) as elapsed_days,
        cast(items.period_days as bigint) as period_days,
        items.owner_kind,
        items.owner_id,
        cast(coalesce(owners.employee_count, 0) as bigint) as employee_count,
        items.item_kind,
        items.item_id,
        items.value,
        items.target,
        items.target_to_date,
        items.attainment,
        items.confidence,
        items.status
    from items
    left join owners
        on
            items.quarter_start = owners.period_start
            and items.owner_kind = owners.owner_kind
            and items.owner_id = owners.owner_id
)

select * from shown
