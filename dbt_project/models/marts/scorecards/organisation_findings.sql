-- One row per contradiction in who is employed as what, reports to whom and owns what, with what counts nevertheless. About people; nothing adds up.
with

posts as (
    select * from {{ ref('dim_employees') }}
),

manager_findings as (
    select * from {{ ref('int_manager_findings') }}
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
        finding,
        subject,
        detail,
        valid_from,
        valid_to
    from manager_findings
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
        posts.employee_id,
        posts.team_id,
        posts.valid_from,
        coalesce(posts.valid_to, date '9999-12-31') as valid_to
    from posts
    where
        not exists (
            select 1
            from units
            where units.kind = 'team' and posts.team_id = units.org_unit_id
        )
    union all
    select
        'unknown_role' as finding,
        posts.employee_id,
        posts.role_id,
        posts.valid_from,
        coalesce(posts.valid_to, date '9999-12-31') as valid_to
    from posts
    where
        not exists (
            select 1
            from roles
            where posts.role_id = roles.role_id
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
