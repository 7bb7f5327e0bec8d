-- One row per check-in on a key result. current_value is a level and does not add up.
with

okr_check_ins as (
    select * from {{ ref('stg_okr_check_ins') }}
),

described as (
    select
        check_in_id,
        key_result_id,
        owner_id,
        checked_in_at,
        {{ business_day('checked_in_at') }} as checked_in_on,
        current_value,
        confidence,
        remark
    from okr_check_ins
)

select * from described
