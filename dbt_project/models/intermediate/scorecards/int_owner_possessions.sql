-- Grain: one row an owner and dimension, with what it owns of it and when as one id, which owners of the same share.
with

owner_values as (
    select
        owner_kind,
        owner_id,
        dimension,
        dimension_value || '|' || cast(valid_from as string) || '|' || cast(valid_to as string) as stretch
    from {{ ref('int_owner_values') }}
),

possessions as (
    select
        owner_kind,
        owner_id,
        dimension,
        md5({{ ordered_text('stretch', 'stretch') }}) as possession_id
    from owner_values
    group by owner_kind, owner_id, dimension
    union all
    -- The company's is every value, owned or not.
    select distinct
        'company' as owner_kind,
        org_unit_id as owner_id,
        cast(null as string) as dimension,
        '(everything)' as possession_id
    from {{ ref('org_units') }}
    where kind = 'company'
)

select * from possessions
