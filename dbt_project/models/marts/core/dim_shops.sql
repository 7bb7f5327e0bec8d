-- One row per shop: those declared and those that facts name.
with

declared as (
    select * from {{ ref('stg_shops') }}
),

named as (
    select shop from {{ ref('stg_orders') }}
    union
    select shop from {{ ref('stg_order_lines') }}
    union
    select shop from {{ ref('stg_touchpoints') }}
    union
    select shop from {{ ref('stg_surveys') }}
    union
    select shop from declared
    union
    select '(none)' as shop
),

known as (
    select
        cast(named.shop as string) as shop,
        coalesce(declared.shop_name, named.shop) as shop_name,
        coalesce(declared.shop_name_zh, declared.shop_name, named.shop) as shop_name_zh,
        coalesce(declared.shop_kind, '(unknown)') as shop_kind,
        coalesce(declared.region, '(none)') as region
    from named
    left join declared on named.shop = declared.shop
    where named.shop is not null
)

select * from known
