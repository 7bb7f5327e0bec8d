-- One row per measure, period, conversion_type, model_id and channel, '(all)' standing where a measure is of no one type,
-- model or channel. Nothing adds up.
with

default_model as (
    select model_id from {{ ref('attribution_models') }}
    where is_default
),

markov_models as (
    select
        specifications.journey_specification_id,
        models.conversion_type,
        models.model_id,
        models.markov_order
    from {{ ref('int_model_specifications') }} as models
    inner join {{ ref('int_journey_specifications') }} as specifications
        on
            models.specification_id = specifications.specification_id
            and models.direct_policy = specifications.direct_policy
    where models.family = 'markov'
),

periods as (
    select * from {{ ref('channel_attribution_period') }}
),

paths as (
    select * from {{ ref('int_default_paths') }}
),

touches as (
    select
        {{ period_start('quarter', 'touched_on') }} as quarter_start,
        case
            when customer_key = 'visitor:' || visitor_id or customer_key = 'touch:' || touch_id then 0
            else 1
        end as is_linked
    from {{ ref('fct_touches') }}
),

intervals as (
    select * from {{ ref('int_share_intervals') }}
),

look_backs as (
    select * from {{ ref('int_look_backs_compared') }}
),

orders as (
    select * from {{ ref('int_markov_orders_compared') }}
),

unattributed as (
    select
        period_grain,
        period_start,
        conversion_type,
        model_id,
        '(all)' as channel,
        'share_unattributed' as measure,
        {{ exact_sum("case when channel = '(unattributed)' then share else 0 end") }} as value,
        cast(null as double) as lower_bound,
        cast(null as double) as upper_bound,
        'Conversions without a touch that the model counts, over all.' as note
    from periods
    group by period_grain, period_start, conversion_type, model_id
),

single_touch as (
    select
        'quarter' as period_grain,
        paths.quarter_start as period_start,
        paths.conversion_type,
        default_model.model_id,
        '(all)' as channel,
        'share_of_paths_with_one_touch' as measure,
        {{ divide('count(case when paths.path_length = 1 then 1 end)', 'count(*)') }} as value,
        cast(null as double) as lower_bound,
        cast(null as double) as upper_bound,
        'Paths of a single touch, on which all path-level models agree, over paths of any.' as note
    from paths
    cross join default_model
    where paths.path_length > 0
    group by paths.quarter_start, paths.conversion_type, default_model.model_id
),

truncated as (
    select
        'quarter' as period_grain,
        paths.quarter_start as period_start,
        paths.conversion_type,
        default_model.model_id,
        '(all)' as channel,
        'truncated_paths' as measure,
        cast(count(case when paths.is_truncated then 1 end) as double) as value,
        cast(null as double) as lower_bound,
        cast(null as double) as upper_bound,
        'Conversions whose window holds more touches than max_path_touches keeps.' as note
    from paths
    cross join default_model
    group by paths.quarter_start, paths.conversion_type, default_model.model_id
),

linked as (
    select
        'quarter' as period_grain,
        quarter_start as period_start,
        '(all)' as conversion_type,
        '(all)' as model_id,
        '(all)' as channel,
        'identity_link_coverage' as measure,
        {{ divide('sum(is_linked)', 'count(*)') }} as value,
        cast(null as double) as lower_bound,
        cast(null as double) as upper_bound,
        'Touches whose visitor is linked to a customer, over all touches.' as note
    from touches
    group by quarter_start
),

look_back as (
    select
        'quarter' as period_grain,
        quarter_start as period_start,
        conversion_type,
        model_id,
        '(all)' as channel,
        measure,
        share_moved as value,
        cast(null as double) as lower_bound,
        cast(null as double) as upper_bound,
        'Half the sum of differences of channel shares (total variation), unattributed included: '
        || cast(look_back_days as string) || ' days against ' || cast(base_look_back_days as string)
        || '.' as note
    from look_backs
),

likelihoods as (
    select
        'quarter' as period_grain,
        orders.quarter_start as period_start,
        markov_models.conversion_type,
        markov_models.model_id,
        '(all)' as channel,
        'log_likelihood_of_order_' || cast(orders.markov_order as string) as measure,
        orders.log_likelihood as value,
        cast(null as double) as lower_bound,
        cast(null as double) as upper_bound,
        'Mean log likelihood of a transition of customers on whom the chain was not learnt; '
        || cast(orders.transitions as string) || ' transitions.' as note
    from orders
    inner join markov_models
        on orders.journey_specification_id = markov_models.journey_specification_id
),

chosen_orders as (
    select
        'quarter' as period_grain,
        orders.quarter_start as period_start,
        markov_models.conversion_type,
        markov_models.model_id,
        '(all)' as channel,
        'chosen_markov_order' as measure,
        cast(orders.markov_order as double) as value,
        cast(null as double) as lower_bound,
        cast(null as double) as upper_bound,
        'The order of the highest log likelihood; the model''s own is '
        || cast(markov_models.markov_order as string) || '.' as note
    from orders
    inner join markov_models
        on orders.journey_specification_id = markov_models.journey_specification_id
    where orders.is_chosen
),

shares as (
    select
        'quarter' as period_grain,
        intervals.quarter_start as period_start,
        intervals.conversion_type,
        default_model.model_id,
        intervals.channel,
        'share' as measure,
        intervals.share as value,
        intervals.lower_bound,
        intervals.upper_bound,
        'Share of conversions; bounds are of a 95 % bootstrap interval.' as note
    from intervals
    cross join default_model
),

united as (
    {% for part in [
        'unattributed', 'single_touch', 'truncated', 'linked', 'look_back', 'likelihoods', 'chosen_orders', 'shares'
    ] -%}
        select * from {{ part }}
        {%- if not loop.last %}
            union all
        {% endif -%}
    {%- endfor %}
),

typed as (
    select
        cast(period_grain as string) as period_grain,
        period_start,
        conversion_type,
        model_id,
        channel,
        cast(measure as string) as measure,
        cast(value as double) as value,
        lower_bound,
        upper_bound,
        cast(note as string) as note
    from united
)

select * from typed
