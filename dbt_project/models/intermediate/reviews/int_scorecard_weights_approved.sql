-- Grain: one row a quarter, scored owner, scorecard, KPI and owner that it counts for: the weight that was decided.
with

weights as (
    select * from {{ ref('quarter_decisions') }}
    where kind = 'weight' and is_in_force
),

posts as (
    select distinct
        employee_id,
        role_id,
        valid_from,
        valid_to
    from {{ ref('dim_employees') }}
),

shop_kinds as (
    select * from {{ ref('int_employee_shop_kinds') }}
),

-- A role's card is its holders'; a weight for their kind of shop comes before that for all.
held as (
    select distinct
        weights.quarter_start,
        'employee' as owner_kind,
        posts.employee_id as owner_id,
        weights.scorecard_id,
        weights.shop_kind,
        weights.kpi_id,
        weights.measured_for,
        weights.weight
    from weights
    inner join posts
        on
            weights.owner_kind = 'role'
            and weights.owner_id = posts.role_id
            and posts.valid_from < weights.quarter_start + interval '3' month
            and (posts.valid_to is null or posts.valid_to > weights.quarter_start)
    left join shop_kinds
        on weights.quarter_start = shop_kinds.quarter_start and posts.employee_id = shop_kinds.employee_id
    where weights.shop_kind = '(all)' or weights.shop_kind = shop_kinds.shop_kind
    union all
    select
        quarter_start,
        owner_kind,
        owner_id,
        scorecard_id,
        shop_kind,
        kpi_id,
        measured_for,
        weight
    from weights
    where owner_kind <> 'role'
),

nearest as (
    select
        quarter_start,
        owner_kind,
        owner_id,
        scorecard_id,
        kpi_id,
        measured_for,
        weight
    from held
    qualify rank() over (
        partition by quarter_start, owner_kind, owner_id, scorecard_id
        order by case when shop_kind = '(all)' then 1 else 0 end, shop_kind
    ) = 1
)

select * from nearest
