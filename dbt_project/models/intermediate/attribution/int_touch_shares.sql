-- Grain: one row a model, path and touch with credit, and the money that its credit earns, to the cent.
with

weights as (
    select * from {{ ref('int_touch_weights') }}
),

amounts as (
    select
        windows.path_id,
        conversions.revenue,
        conversions.refunds,
        conversions.margin
    from {{ ref('int_path_windows') }} as windows
    inner join {{ ref('fct_conversions') }} as conversions
        on windows.conversion_id = conversions.conversion_id
),

credits as (
    select
        model_number,
        path_id,
        place_from_end,
        tie_hash,
        position,
        path_length,
        {{ divide('weight', 'sum(weight) over (partition by model_number, path_id)') }} as credit
    from weights
),

-- Only a conversion that is shared leaves cents over.
shares as (
    select
        credits.model_number,
        credits.path_id,
        credits.place_from_end,
        credits.tie_hash,
        credits.position,
        credits.path_length,
        credits.credit,
        {{ share_in_microcents('amounts.revenue', 'credits.credit') }} as revenue_share,
        {{ share_in_microcents('amounts.refunds', 'credits.credit') }} as refunds_share,
        {{ share_in_microcents('amounts.margin', 'credits.credit') }} as margin_share
    from credits
    inner join amounts
        on credits.path_id = amounts.path_id
    where credits.credit < 1
),

ranked as (
    select
        model_number,
        path_id,
        place_from_end,
        position,
        path_length,
        credit,
        revenue_share,
        refunds_share,
        margin_share,
        sum({{ whole_cents('revenue_share') }}) over (partition by model_number, path_id) as revenue_given,
        sum({{ whole_cents('refunds_share') }}) over (partition by model_number, path_id) as refunds_given,
        sum({{ whole_cents('margin_share') }}) over (partition by model_number, path_id) as margin_given,
        {{ remainder_place('revenue_share', 'model_number, path_id', 'tie_hash') }} as revenue_place,
        {{ remainder_place('refunds_share', 'model_number, path_id', 'tie_hash') }} as refunds_place,
        {{ remainder_place('margin_share', 'model_number, path_id', 'tie_hash') }} as margin_place
    from shares
),

split as (
    select
        ranked.model_number,
        ranked.path_id,
        ranked.place_from_end,
        ranked.position,
        ranked.path_length,
        ranked.credit,
        {{ share_in_money('amounts.revenue', 'revenue_share', 'revenue_given', 'revenue_place') }} as revenue,
        {{ share_in_money('amounts.refunds', 'refunds_share', 'refunds_given', 'refunds_place') }} as refunds,
        {{ share_in_money('amounts.margin', 'margin_share', 'margin_given', 'margin_place') }} as margin
    from ranked
    inner join amounts
        on ranked.path_id = amounts.path_id
),

whole as (
    select
        credits.model_number,
        credits.path_id,
        credits.place_from_end,
        credits.position,
        credits.path_length,
        credits.credit,
        amounts.revenue,
        amounts.refunds,
        amounts.margin
    from credits
    inner join amounts
        on credits.path_id = amounts.path_id
    where credits.credit = 1
),

paid as (
    select * from split
    union all
    select * from whole
)

select * from paid
