-- A check-in on a key result that no rule knows moves nobody's progress: said, and no reason to stop a company's run.
{{ config(severity='warn') }}

with

check_ins as (
    select * from {{ ref('fct_okr_check_ins') }}
),

key_results as (
    select * from {{ ref('key_results') }}
),

unknown as (
    select
        check_ins.key_result_id,
        count(*) as check_in_count
    from check_ins
    left join key_results on check_ins.key_result_id = key_results.key_result_id
    where key_results.key_result_id is null
    group by check_ins.key_result_id
)

select * from unknown
