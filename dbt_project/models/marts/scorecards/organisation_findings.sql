-- One row per contradiction in who is employed as what, reports to whom and owns what, with what counts nevertheless. About people; nothing adds up.
with recursive

posts as (
    select * from {{ ref('dim_employees') }}
),

pairs as (
    select * from {{ ref('int_posts_contradicted') }}
),

owner_values as (
    select * from {{ ref('int_owner_values') }}
    where owner_kind = 'employee' and dimension <> 'employee'
),

units as (
    select * from {{ ref('org_units') }}
),

roles as (
    select distinct role_id from {{ ref('roles') }}
),

spans as (
    select
        employee_id,
        manager_id,
        team_id,
        role_id,
        department_id,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to,
        -- The last day of the post that has begun.
        least(coalesce(valid_to, date '9999-12-31') - 1, {{ business_day(as_of()) }}) as last_on
    from posts
),

edges as (
    select
        'manager' as scope,
        employee_id as from_node,
        manager_id as to_node,
        valid_from,
        valid_to
    from spans
    where manager_id is not null
),

closed_walks as (
    {{ closed_walks('edges') }}
),

loops as (
    select
        path,
        first_node,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from closed_walks
    where last_node = first_node and valid_from < valid_to
    group by path, first_node
),

-- Each of two owners of one value, for the days on which they share it.
shares as (
    select
        one.owner_id,
        one.dimension,
        one.dimension_value,
        min(greatest(one.valid_from, other.valid_from)) as valid_from,
        max(least(one.valid_to, other.valid_to)) as valid_to
    from owner_values as one
    inner join owner_values as other
        on
            one.dimension = other.dimension
            and one.dimension_value = other.dimension_value
            and one.owner_id <> other.owner_id
            and one.valid_from < other.valid_to
            and one.valid_to > other.valid_from
    group by one.owner_id, one.dimension, one.dimension_value
),

shared as (
    select
        dimension,
        dimension_value,
        {{ ordered_text('owner_id', 'owner_id') }} as employees,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from shares
    group by dimension, dimension_value
),

heads as (
    select distinct department_id from posts
    where role_id = '{{ var("department_head_role") }}' and {{ in_force() }}
),

findings as (
    select
        'manager_loop' as finding,
        first_node as subject,
        path as detail,
        valid_from,
        valid_to
    from loops
    union all
    select distinct
        'unknown_manager' as finding,
        spans.employee_id,
        spans.manager_id,
        spans.valid_from,
        spans.valid_to
    from spans
    left join posts as managers on spans.manager_id = managers.employee_id
    where spans.manager_id is not null and managers.employee_id is null
    union all
    select distinct
        'manager_without_post' as finding,
        spans.employee_id,
        spans.manager_id,
        spans.valid_from,
        spans.valid_to
    from spans
    inner join posts as managers on spans.manager_id = managers.employee_id
    left join spans as present
        on
            spans.manager_id = present.employee_id
            and present.valid_from <= spans.last_on
            and present.valid_to > spans.last_on
    where present.employee_id is null and spans.valid_from <= spans.last_on
    {% for what in ['manager', 'role', 'team'] -%}
        union all
        select
            'two_{{ what }}s' as finding,
            employee_id,
            earlier_{{ what }}_id || ', ' || {{ what }}_id as detail,
            valid_from,
            coalesce(valid_to, date '9999-12-31') as valid_to
        from pairs
        where earlier_{{ what }}_id <> {{ what }}_id
    {% endfor -%}
    union all
    select
        'overlapping_posts' as finding,
        employee_id,
        team_id || ', ' || role_id as detail,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from pairs
    where earlier_manager_id = manager_id and earlier_role_id = role_id and earlier_team_id = team_id
    union all
    select
        'value_with_two_owners' as finding,
        dimension || '=' || dimension_value as subject,
        employees,
        valid_from,
        valid_to
    from shared
    union all
    select
        'department_without_head' as finding,
        units.org_unit_id,
        cast(null as string) as detail,
        units.valid_from,
        coalesce(units.valid_to, date '9999-12-31') as valid_to
    from units
    left join heads on units.org_unit_id = heads.department_id
    where
        units.kind = 'department' and {{ in_force('units') }} and heads.department_id is null
        and exists (select 1 from posts)
    union all
    select
        'unknown_team' as finding,
        spans.employee_id,
        spans.team_id,
        spans.valid_from,
        spans.valid_to
    from spans
    where
        not exists (
            select 1
            from units
            where units.kind = 'team' and spans.team_id = units.org_unit_id
        )
    union all
    select
        'unknown_role' as finding,
        spans.employee_id,
        spans.role_id,
        spans.valid_from,
        spans.valid_to
    from spans
    where
        not exists (
            select 1
            from roles
            where spans.role_id = roles.role_id
        )
),

spanned as (
    select
        finding,
        subject,
        detail,
        valid_from,
        max(valid_to) as valid_to
    from findings
    group by finding, subject, detail, valid_from
),

sentences as (
    {{ organisation_sentences() }}
),

said as (
    select
        findings.finding || ':' || findings.subject || ':' || coalesce(findings.detail, '')
        || ':' || cast(findings.valid_from as string) as finding_id,
        findings.finding,
        findings.subject,
        findings.detail,
        findings.valid_from,
        case when findings.valid_to < date '9999-12-31' then findings.valid_to end as valid_to,
        sentences.sentence,
        sentences.outcome,
        sentences.sentence_zh,
        sentences.outcome_zh
    from spanned as findings
    inner join sentences on findings.finding = sentences.finding
)

select * from said
