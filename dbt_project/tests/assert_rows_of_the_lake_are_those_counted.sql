-- What the door says it accepted and refused of each file must be what lies in the lake: a row lost between the two would show nowhere else.
{%- set entities = [
    'ad_spend', 'assignments', 'benchmarks', 'certifications', 'content_metrics', 'content_posts', 'customers',
    'diary_entries', 'employees', 'fx_rates', 'idea_submissions', 'identity_links', 'inventory_levels',
    'knowledge_articles', 'mentions', 'okr_check_ins', 'order_lines', 'orders', 'products', 'promotion_costs',
    'pulse_surveys', 'quarter_decisions', 'refunds', 'review_objections', 'review_ratings', 'salaries', 'shipments', 'shops',
    'skill_assessments', 'surveys', 'target_approvals', 'tickets', 'touchpoints', 'training_records',
] %}
with

counted as (
    select
        feed,
        file,
        entity,
        rows_accepted,
        rows_rejected
    from {{ ref('stg_admitted_files') }}
    where entity is not null
),

accepted as (
    {%- for entity in entities %}
        select
            _feed as feed,
            _file as file,
            '{{ entity }}' as entity,
            count(*) as row_count
        from {{ lake(entity) }}
        where _exported_at <= {{ known_until() }}
        group by _feed, _file
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

rejected as (
    select
        feed,
        file,
        entity,
        count(*) as row_count
    from {{ ref('stg_rejected') }}
    where entity <> '(unreadable)'
    group by feed, file, entity
),

found as (
    select
        feed,
        file,
        entity,
        row_count as rows_accepted,
        0 as rows_rejected
    from accepted
    union all
    select
        feed,
        file,
        entity,
        0 as rows_accepted,
        row_count as rows_rejected
    from rejected
    union all
    select
        feed,
        file,
        entity,
        -rows_accepted as rows_accepted,
        -rows_rejected as rows_rejected
    from counted
),

wrong as (
    select
        feed,
        file,
        entity,
        sum(rows_accepted) as accepted_too_many,
        sum(rows_rejected) as rejected_too_many
    from found
    group by feed, file, entity
    having sum(rows_accepted) <> 0 or sum(rows_rejected) <> 0
)

select * from wrong
