-- Nothing is dropped silently: whatever a fact holds back stands in held_rows, and nothing else does.
with

facts as (
    select
        'orders' as entity,
        order_id as row_id
    from {{ ref('fct_orders') }}
    where is_held
    union all
    select
        'refunds' as entity,
        refund_id as row_id
    from {{ ref('fct_refunds') }}
    where is_held
    union all
    select
        'ad_spend' as entity,
        spend_id as row_id
    from {{ ref('fct_ad_spend') }}
    where is_held
    union all
    select
        'promotion_costs' as entity,
        cost_id as row_id
    from {{ ref('fct_promotion_costs') }}
    where is_held
),

listed as (
    select
        entity,
        row_id
    from {{ ref('held_rows') }}
    where reason in ('no rate', 'order held', 'currency unknown')
),

apart as (
    select
        coalesce(facts.entity, listed.entity) as entity,
        coalesce(facts.row_id, listed.row_id) as row_id
    from facts
    full outer join listed on facts.entity = listed.entity and facts.row_id = listed.row_id
    where facts.row_id is null or listed.row_id is null
)

select * from apart
