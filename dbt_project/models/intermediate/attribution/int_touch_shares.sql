{%- set parts = 'model_number, path_id' -%}
-- Grain: one row a model, path and touch with credit, and the money that its credit earns, to the cent.
with

models as (
    select model_number from {{ ref('int_model_specifications') }}
    where is_path_level
),

weights as (
    select * from {{ ref('int_touch_weights') }}
    where model_number in (select models.model_number from models)
),

occasions as (
    select distinct
        occasion_number,
        revenue_cents,
        refunds_cents,
        margin_cents
    from {{ ref('int_conversions_numbered') }}
),

amounts as (
    select
        windows.path_id,
        occasions.revenue_cents,
        occasions.refunds_cents,
        occasions.margin_cents
    from {{ ref('int_path_windows') }} as windows
    inner join occasions
        on windows.occasion_number = occasions.occasion_number
),

credits as (
    select
        weights.model_number,
        weights.path_id,
        weights.path_position,
        weights.tie_hash,
        weights.position,
        weights.path_length,
        weights.credit,
        amounts.revenue_cents,
        amounts.refunds_cents,
        amounts.margin_cents
    from weights
    inner join amounts
        on weights.path_id = amounts.path_id
),

-- Only a conversion that is shared leaves cents over.
shares as (
    select
        model_number,
        path_id,
        path_position,
        tie_hash,
        position,
        path_length,
        credit,
        revenue_cents,
        refunds_cents,
        margin_cents,
        {{ share_in_microcents('revenue_cents', 'credit') }} as revenue_share,
        {{ share_in_microcents('refunds_cents', 'credit') }} as refunds_share,
        {{ share_in_microcents('margin_cents', 'credit') }} as margin_share
    from credits
    where credit < 1
),

-- Few conversions are refunded: the rest is spared a queue for cents of nothing.
kept as (
    select
        model_number,
        path_id,
        path_position,
        position,
        path_length,
        credit,
        {{ share_in_money('revenue_cents', 'revenue_share', parts, 'tie_hash') }} as revenue,
        cast(0 as decimal(18, 2)) as refunds,
        {{ share_in_money('margin_cents', 'margin_share', parts, 'tie_hash') }} as margin
    from shares
    where refunds_cents = 0
),

refunded as (
    select
        model_number,
        path_id,
        path_position,
        position,
        path_length,
        credit,
        {{ share_in_money('revenue_cents', 'revenue_share', parts, 'tie_hash') }} as revenue,
        {{ share_in_money('refunds_cents', 'refunds_share', parts, 'tie_hash') }} as refunds,
        {{ share_in_money('margin_cents', 'margin_share', parts, 'tie_hash') }} as margin
    from shares
    where refunds_cents <> 0
),

whole as (
    select
        model_number,
        path_id,
        path_position,
        position,
        path_length,
        credit,
        {{ in_money('revenue_cents') }} as revenue,
        {{ in_money('refunds_cents') }} as refunds,
        {{ in_money('margin_cents') }} as margin
    from credits
    where credit = 1
),

paid as (
    select * from kept
    union all
    select * from refunded
    union all
    select * from whole
)

select * from paid
