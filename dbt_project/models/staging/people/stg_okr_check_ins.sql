with

newest as (
    {{ newest_version('okr_check_ins') }}
),

typed as (
    select
        cast(check_in_id as string) as check_in_id,
        cast(key_result_id as string) as key_result_id,
        cast(owner_id as string) as owner_id,
        cast(checked_in_at as timestamp) as checked_in_at,
        cast(current_value as decimal(18, 6)) as current_value,
        cast(confidence as decimal(18, 6)) as confidence,
        cast(remark as string) as remark,
        cast(updated_at as timestamp) as updated_at
    from newest
)

select * from typed
