-- A manager approves what is proposed as it stands: a scorecard that is a cent off would be refused, or pay less than it says.
with

proposed as (
    select
        period_start,
        scorecard_id,
        shop_kind,
        sum(proposed_weight) as weight
    from {{ ref('weight_proposals') }}
    group by period_start, scorecard_id, shop_kind
),

decided as (
    select
        quarter_start,
        scorecard_id,
        shop_kind,
        sum(weight) as weight
    from {{ ref('quarter_decisions') }}
    where kind = 'weight' and is_in_force
    group by quarter_start, scorecard_id, shop_kind
),

wrong as (
    select * from proposed
    where weight <> 100
    union all
    select * from decided
    where weight <> 100
)

select * from wrong
