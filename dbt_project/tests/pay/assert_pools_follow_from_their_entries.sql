-- Over all years a programme has paid what it brought, once losses were made good: no year's loss is lost or paid.
with

pools as (
    select * from {{ ref('incentive_pools') }}
),

balanced as (
    select
        program_id,
        period_start,
        entry_amount,
        loss_brought_forward,
        loss_carried_forward,
        earned_amount,
        pool_amount,
        coalesce(
            lag(loss_carried_forward) over (partition by program_id order by period_start), 0
        ) as loss_of_year_before
    from pools
),

wrong as (
    select * from balanced
    where
        loss_brought_forward <> loss_of_year_before
        or earned_amount - loss_carried_forward <> entry_amount - loss_brought_forward
        or pool_amount not in (0, earned_amount)
)

select * from wrong
