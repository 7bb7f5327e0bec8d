-- One row per entity of the lake: keys that came more than once, and what settled which version counts.
{%- set entities = [
    'ad_spend', 'benchmarks', 'content_metrics', 'content_posts', 'customers', 'fx_rates', 'identity_links',
    'inventory_levels', 'mentions', 'order_lines', 'orders', 'products', 'promotion_costs', 'refunds', 'shipments', 'shops',
    'surveys', 'tickets', 'touchpoints',
] %}
{%- set about_people = [
    'assignments', 'certifications', 'diary_entries', 'employees', 'idea_submissions', 'knowledge_articles',
    'okr_check_ins', 'pulse_surveys', 'quarter_decisions', 'review_objections', 'review_ratings', 'salaries',
    'skill_assessments', 'target_approvals', 'training_records',
] %}
with

counted as (
    {%- for entity in entities + about_people %}
        {{ key_contests(entity, is_personal=entity in about_people) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

typed as (
    select
        entity,
        cast(contested_keys as bigint) as contested_keys,
        cast(repeated_keys as bigint) as repeated_keys,
        cast(superseded_keys as bigint) as superseded_keys,
        cast(contradictory_keys as bigint) as contradictory_keys,
        cast(superseded_versions as bigint) as superseded_versions,
        example_key
    from counted
)

select * from typed
