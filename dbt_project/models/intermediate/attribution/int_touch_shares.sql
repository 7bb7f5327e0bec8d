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

-- Only shared conversions leave cents over.
shares as (
    select
        credits.model_number,
        credits.path_id,
        credits.place_from_end,
        credits.tie_hash,
        credits.position,
        credits.path_length,
        credits.credit,
        {%- for measure in ['revenue', 'refunds', 'margin'] %}
        {{ share_in_microcents('amounts.' ~ measure, 'credits.credit') }} as {{ measure }}_share
        {{- ',' if not loop.last }}
        {%- endfor %}
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
        {%- for measure in ['revenue', 'refunds', 'margin'] %}
        {{ measure }}_share,
        sum({{ whole_cents(measure ~ '_share') }}) over (partition by model_number, path_id) as {{ measure }}_given,
        {{ remainder_place(measure ~ '_share', 'model_number, path_id', 'tie_hash') }} as {{ measure }}_place
        {{- ',' if not loop.last }}
        {%- endfor %}
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
        {%- for measure in ['revenue', 'refunds', 'margin'] %}
        {{ share_in_money(
            'amounts.' ~ measure, 'ranked.' ~ measure ~ '_share', 'ranked.' ~ measure ~ '_given', 'ranked.' ~ measure ~ '_place'
        ) }} as {{ measure }}
        {{- ',' if not loop.last }}
        {%- endfor %}
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
