{# A select of model_id and reason, one row a fault, of rows of attribution_models that make no sense. #}
{% macro attribution_model_faults() -%}
    {%- set families = ['first_touch', 'last_touch', 'last_non_direct', 'linear', 'position', 'time_decay'] -%}
    {%- set types = ['purchase', 'first_purchase', 'repeat_purchase'] -%}
    {%- set kinds = contract_values('touchpoints', 'touch_kind') -%}
    {%- set faults = [
        ("model_id is null", "model_id is missing"),
        ("rows_of_model > 1", "model_id stands in more than one row"),
        ("coalesce(family, '') not in ('" ~ families | join("', '") ~ "')", "family must be one of " ~ families | join(', ')),
        (
            "family = 'position' and (first_weight is null or middle_weight is null or last_weight is null)",
            "family position needs first_weight, middle_weight and last_weight",
        ),
        ("first_weight < 0 or middle_weight < 0 or last_weight < 0", "a weight is below 0"),
        ("first_weight + middle_weight + last_weight <> 1", "first_weight, middle_weight and last_weight must sum to 1"),
        (
            "family <> 'position' and (first_weight is not null or middle_weight is not null or last_weight is not null)",
            "weights are for family position only",
        ),
        ("family = 'time_decay' and half_life_days is null", "family time_decay needs half_life_days"),
        ("half_life_days <= 0", "half_life_days must be above 0"),
        ("family <> 'time_decay' and half_life_days is not null", "half_life_days is for family time_decay only"),
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
            "coalesce(conversion_types, '') <> '*' and not "
            ~ regexp_full_match("coalesce(conversion_types, '')", list_pattern(types)),
            "conversion_types must be * or some of " ~ types | join(', ') ~ ", separated by |",
        ),
        ("max_path_touches is null or max_path_touches < 1", "max_path_touches must be 1 or more"),
        ("is_default is null", "is_default must be true or false"),
        ("is_default and defaults > 1", "is_default is true of another model, too"),
        ("is_default and family in ('markov', 'shapley')", "a population model cannot be the default"),
    ] -%}
    with

    models as (
        select
            *,
            count(*) over (partition by model_id) as rows_of_model,
            count(case when is_default then 1 end) over () as defaults
        from {{ ref('attribution_models') }}
    )

    {% for condition, reason in faults -%}
        select coalesce(model_id, '(no model_id)') as model_id, '{{ reason }}' as reason
        from models
        where {{ condition }}
        union all
    {% endfor -%}
    select '(all models)' as model_id, 'none is the default: is_default must be true of one' as reason
    from models
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
