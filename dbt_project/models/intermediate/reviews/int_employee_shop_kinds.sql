-- Grain: one row a quarter to plan or decided for and employee who owns shops of one single kind in it.
with

quarters as (
    select planned_start as quarter_start from {{ ref('int_kpi_seasons') }}
    union
    select quarter_start from {{ ref('quarter_decisions') }}
),

assignments as (
    select * from {{ ref('dim_assignments') }}
    where dimension = 'shop'
),

shops as (
    select * from {{ ref('dim_shops') }}
),

kinds as (
    select
        quarters.quarter_start,
        assignments.employee_id,
        min(shops.shop_kind) as shop_kind
    from quarters
    inner join assignments
        on
            assignments.valid_from < quarters.quarter_start + interval '3' month
            and (assignments.valid_to is null or assignments.valid_to > quarters.quarter_start)
    inner join shops on assignments.dimension_value = shops.shop
    group by quarters.quarter_start, assignments.employee_id
    having count(distinct shops.shop_kind) = 1
)

select * from kinds
