-- The company's values are taken over everything: two companies would each be given all of it.
with

companies as (
    select count(distinct org_unit_id) as company_count from {{ ref('org_units') }}
    where kind = 'company'
),

wrong as (
    select * from companies
    where company_count <> 1
)

select * from wrong
