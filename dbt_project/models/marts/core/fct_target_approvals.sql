-- One row per target proposed or approved for an owner and period. Targets do not add up; several rows may be of one owner and period.
with

approvals as (
    select * from {{ ref('stg_target_approvals') }}
),

known as (
    select
        approval_id,
        kpi_id,
        owner_kind,
        owner_id,
        period_grain,
        case
            when period_grain = 'month' then {{ period_start('month', 'period_start') }}
            else {{ period_start('quarter', 'period_start') }}
        end as period_start,
        target,
        red_flag,
        -- An approval after as_of is still to come: until then the target is only proposed.
        case when {{ until_as_of('approved_at') }} is not null then approved_by end as approved_by,
        {{ until_as_of('approved_at') }} as approved_at,
        case
            when {{ until_as_of('approved_at') }} is not null then {{ business_day('approved_at') }}
        end as approved_on,
        comment,
        updated_at
    from approvals
)

select * from known
