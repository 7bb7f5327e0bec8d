-- Grain: one row a model: those of the rules, and the default one's shadows, that look back half and twice as far. A
-- shadow is never published: it shows what the default's credits of purchases owe to the choice of its look-back.
with

rules as (
    select * from {{ ref('attribution_models') }}
),

look_backs as (
    select
        'half' as look_back,
        0.5 as factor
    union all
    select
        'double' as look_back,
        2 as factor
),

shadows as (
    select
        rules.model_id || ' with ' || look_backs.look_back || ' its look-back' as model_id,
        rules.family,
        rules.markov_order,
        rules.position_weights,
        rules.anchor_touch_kind,
        rules.anchor_weight,
        rules.half_life_days,
        greatest(1, cast(floor(rules.look_back_days * look_backs.factor) as bigint)) as look_back_days,
        rules.path_starts,
        rules.touch_kinds,
        rules.direct_policy,
        'purchase' as conversion_types,
        rules.max_path_touches,
        true as is_shadow,
        'look_back_' || look_backs.look_back || '_share_moved' as quality_measure
    from rules
    cross join look_backs
    where rules.is_default and {{ list_holds('rules.conversion_types', "'purchase'") }}
),

models as (
    select
        model_id,
        family,
        markov_order,
        position_weights,
        anchor_touch_kind,
        anchor_weight,
        half_life_days,
        look_back_days,
        path_starts,
        touch_kinds,
        direct_policy,
        conversion_types,
        max_path_touches,
        false as is_shadow,
        cast(null as string) as quality_measure
    from rules
    union all
    select * from shadows
)

select * from models
