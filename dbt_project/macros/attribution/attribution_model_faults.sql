{# A select of model_id and reason, one row a fault, of rows of attribution_models that make no sense. #}
{% macro attribution_model_faults() -%}
    {%- set families = [
        'first_touch', 'last_touch', 'last_non_direct', 'linear', 'position', 'time_decay', 'shapley', 'markov',
    ] -%}
    {%- set kinds = contract_values('touchpoints', 'touch_kind') -%}
    {%- set faults = [
        ("model_id is null", "model_id is missing"),
        ("rows_of_model > 1", "model_id stands in more than one row"),
        ("coalesce(family, '') not in ('" ~ families | join("', '") ~ "')", "family must be one of " ~ families | join(', ')),
        ("family = 'position' and position_weights is null", "family position needs position_weights"),
        (
            "position_weights is not null and not is_list_of_weights",
            "position_weights must be decimal numbers separated by |, at most six digits after the point",
        ),
        ("lowest_weight < 0", "a weight is below 0"),
        (
            "position_weight + coalesce(anchor_weight, 0) <> 1",
            "position_weights and anchor_weight must sum to 1",
        ),
        (
            "coalesce(family, '') <> 'position' and coalesce(position_weights, anchor_touch_kind) is not null",
            "position_weights and an anchor are for family position only",
        ),
        (
            "(anchor_touch_kind is null) <> (anchor_weight is null)",
            "anchor_touch_kind and anchor_weight are given together or not at all",
        ),
        ("anchor_weight <= 0 or anchor_weight >= 1", "anchor_weight must be above 0 and below 1"),
        (
            "not " ~ list_holds('touch_kinds', 'anchor_touch_kind'),
            "anchor_touch_kind must be one of the model''s touch_kinds",
        ),
        ("family = 'time_decay' and half_life_days is null", "family time_decay needs half_life_days"),
        ("half_life_days <= 0", "half_life_days must be above 0"),
        (
            "coalesce(family, '') <> 'time_decay' and half_life_days is not null",
            "half_life_days is for family time_decay only",
        ),
        ("family = 'markov' and markov_order is null", "family markov needs markov_order"),
        ("markov_order not in (1, 2, 3)", "markov_order must be 1, 2 or 3"),
        (
            "coalesce(family, '') <> 'markov' and markov_order is not null",
            "markov_order is for family markov only",
        ),
        (
            "family = 'markov' and path_starts <> 'previous_conversion'",
            "family markov needs path_starts previous_conversion: its journeys do not overlap",
        ),
        ("look_back_days is null or look_back_days < 1", "look_back_days must be 1 or more"),
        (
            "coalesce(path_starts, '') not in ('lookback', 'previous_conversion')",
            "path_starts must be lookback or previous_conversion",
        ),
        (
            "not " ~ regexp_full_match("coalesce(touch_kinds, '')", list_pattern(kinds)),
            "touch_kinds must be some of " ~ kinds | join(', ') ~ ", separated by |",
        ),
        (
            "coalesce(direct_policy, '') not in ('keep', 'drop_if_other', 'drop')",
            "direct_policy must be keep, drop_if_other or drop",
        ),
        (
            "family = 'last_non_direct' and direct_policy = 'keep'",
            "family last_non_direct with direct_policy keep is last_touch: drop_if_other or drop",
        ),
        (
            "conversion_types is null or conversion_types in (select conversion_types from strange_lists)",
            "conversion_types must be * or ids of conversion_types, separated by |",
        ),
        ("max_path_touches is null or max_path_touches < 1", "max_path_touches must be 1 or more"),
        ("is_default is null", "is_default must be true or false"),
        ("is_default and defaults > 1", "is_default is true of another model, too"),
        ("is_default and family = 'markov'", "a population model cannot be the default: it credits no touch"),
    ] -%}
    with

    models as (
        select
            *,
            {{ regexp_full_match("position_weights", "'-?[0-9]{1,3}([.][0-9]{1,6})?([|]-?[0-9]{1,3}([.][0-9]{1,6})?)*'") }}
                as is_list_of_weights,
            count(*) over (partition by model_id) as rows_of_model,
            count(case when is_default then 1 end) over () as defaults
        from {{ ref('attribution_models') }}
    ),

    weights as (
        select
            position_weights,
            {{ list_members('position_weights') }} as weight
        from (select distinct position_weights from models where is_list_of_weights) as lists
    ),

    weight_sums as (
        select
            position_weights,
            sum(cast(weight as decimal(9, 6))) as position_weight,
            min(cast(weight as decimal(9, 6))) as lowest_weight
        from weights
        group by position_weights
    ),

    type_lists as (
        select
            conversion_types,
            {{ list_members('conversion_types') }} as conversion_type
        from (select distinct conversion_types from models where conversion_types <> '*') as lists
    ),

    strange_lists as (
        select type_lists.conversion_types
        from type_lists
        left join {{ ref('conversion_types') }} as types
            on type_lists.conversion_type = types.conversion_type
        where types.conversion_type is null
    ),

    weighed as (
        select
            models.*,
            weight_sums.position_weight,
            weight_sums.lowest_weight
        from models
        left join weight_sums
            on models.position_weights = weight_sums.position_weights
    )

    {% for condition, reason in faults -%}
        select coalesce(model_id, '(no model_id)') as model_id, '{{ reason }}' as reason
        from weighed
        where {{ condition }}
        union all
    {% endfor -%}
    select '(all models)' as model_id, 'none is the default: is_default must be true of one' as reason
    from weighed
    having count(*) > 0 and max(defaults) = 0
{%- endmacro %}


{# A pattern, as a SQL literal, of a list whose members are all among these. #}
{% macro list_pattern(members) -%}
    '({{ members | join("|") }})([|]({{ members | join("|") }}))*'
{%- endmacro %}


{# The values that an entity's contract allows a column; none while parsing. #}
{% macro contract_values(entity, column) -%}
    {%- for node in (graph.sources.values() if execute else []) if node.source_name == 'lake' and node.name == entity -%}
        {{ return(node.columns[column].config.meta['values']) }}
    {%- endfor -%}
    {{ return([]) }}
{%- endmacro %}
