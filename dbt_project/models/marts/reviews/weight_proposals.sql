-- One row per quarter to plan, scorecard, kind of shop, KPI and whose value counts: the weight proposed for that line. A
-- scorecard's weights of one kind of shop sum to 100; nothing else adds up.
with

weights as (
    select * from {{ ref('int_weights_recalibrated') }}
),

reasoned as (
    select
        period_start,
        scorecard_id,
        shop_kind,
        owner_kind,
        owner_id,
        kpi_id,
        measured_for,
        current_weight,
        proposed_weight,
        max(case when proposed_weight <> current_weight then 1 else 0 end) over (
            partition by period_start, scorecard_id, shop_kind
        ) = 1 as is_changed_card,
        status,
        mean_touches,
        touched_conversions,
        {{ weight_reason('en') }} as reason,
        {{ weight_reason('zh') }} as reason_zh
    from weights
)

select * from reasoned
