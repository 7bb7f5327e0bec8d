-- Grain: one row a fault of a link or of the parents in the catalogue; a cycle once, named by its whole way.
with recursive

links as (
    select
        cause_kind,
        cause_id,
        effect_id,
        relation,
        expected_sign,
        lag_weeks,
        share,
        owner_kind,
        owner_id,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to,
        cause_kind || ' link ' || cause_id || ' > ' || effect_id as link
    from {{ ref('strategy_links') }}
),

catalog as (
    select
        kpi_id,
        parent_kpi_id,
        perspective,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('kpi_catalog') }}
),

places as (
    select
        'objective' as cause_kind,
        objective_id as id,
        perspective,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('strategy_objectives') }}
    union all
    select
        'kpi' as cause_kind,
        kpi_id,
        perspective,
        valid_from,
        valid_to
    from catalog
),

owners as (
    select distinct
        kind as owner_kind,
        org_unit_id as owner_id
    from {{ ref('org_units') }}
    union
    select
        'role' as owner_kind,
        role_id
    from {{ ref('roles') }}
),

ranks as (
    select
        cause_kind,
        id,
        valid_from,
        valid_to,
        case perspective
            when 'learning_growth' then 1
            when 'internal_process' then 2
            when 'customer' then 3
            when 'financial' then 4
        end as place
    from places
),

out_of_order as (
    select distinct
        links.link,
        'goes against the order of perspectives: learning_growth, internal_process, customer, financial'
            as reason
    from links
    inner join ranks as causes
        on
            links.cause_kind = causes.cause_kind and links.cause_id = causes.id
            and links.valid_from < causes.valid_to and links.valid_to > causes.valid_from
    inner join ranks as effects
        on
            links.cause_kind = effects.cause_kind and links.effect_id = effects.id
            and links.valid_from < effects.valid_to and links.valid_to > effects.valid_from
            and causes.valid_from < effects.valid_to and causes.valid_to > effects.valid_from
    where causes.place > effects.place
),

edges as (
    select distinct
        cause_kind as scope,
        cause_id as from_node,
        effect_id as to_node,
        valid_from,
        valid_to
    from links
    where cause_id is not null and effect_id is not null
    union
    select
        'kpi' as scope,
        kpi_id,
        parent_kpi_id,
        valid_from,
        valid_to
    from catalog
    where parent_kpi_id is not null
),

closed_walks as (
    {{ closed_walks('edges') }}
),

known as (
    select distinct
        cause_kind,
        id
    from places
),

judged as (
    select
        links.link,
        links.cause_kind,
        links.cause_id,
        links.effect_id,
        links.relation,
        links.expected_sign,
        links.lag_weeks,
        links.share,
        links.valid_from,
        links.valid_to,
        links.owner_kind,
        links.owner_id,
        causes.id as known_cause,
        effects.id as known_effect,
        owners.owner_id as known_owner,
        lead(links.valid_from) over (
            partition by links.cause_kind, links.cause_id, links.effect_id order by links.valid_from
        ) as next_from
    from links
    left join known as causes on links.cause_kind = causes.cause_kind and links.cause_id = causes.id
    left join known as effects
        on links.cause_kind = effects.cause_kind and links.effect_id = effects.id
    left join owners on links.owner_kind = owners.owner_kind and links.owner_id = owners.owner_id
),

faults as (
    {% for condition, reason in [
        ("coalesce(cause_kind, '') not in ('objective', 'kpi')", "cause_kind must be objective or kpi"),
        ("known_cause is null", "its cause is unknown"),
        ("known_effect is null", "its effect is unknown"),
        ("coalesce(relation, '') not in ('drives', 'adds_up')", "relation must be drives or adds_up"),
        ("cause_kind = 'objective' and relation = 'adds_up'", "objectives do not add up"),
        ("coalesce(expected_sign, 0) not in (1, -1)", "expected_sign must be 1 or -1"),
        ("lag_weeks is null or lag_weeks < 0", "lag_weeks must be 0 or more"),
        ("share is not null and relation <> 'adds_up'", "share is for adds_up only"),
        ("(owner_kind is null) <> (owner_id is null)", "owner_kind and owner_id are given together or not at all"),
        ("owner_id is not null and known_owner is null", "its owner is unknown"),
        ("valid_from is null or valid_to <= valid_from", "it holds on no day"),
        ("next_from < valid_to", "two rows of it hold on one day"),
    ] -%}
        select
            coalesce(link, '(a link without cause or effect)') as link,
            '{{ reason }}' as reason
        from judged
        where {{ condition }}
        union all
    {% endfor -%}
    select
        link,
        reason
    from out_of_order
    union all
    select distinct
        scope || ' cycle ' || path as link,
        'a cycle: nothing is its own cause' as reason
    from closed_walks
    where last_node = first_node and valid_from < valid_to
)

select * from faults
