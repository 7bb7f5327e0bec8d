-- One row per order of which admission refused a line that no other row replaced.
with

refused as (
    select
        {{ json_text('mapped', '$.order_id') }} as order_id,
        {{ json_text('mapped', '$.line_id') }} as line_id
    from {{ ref('stg_rejected') }}
    where entity = 'order_lines'
),

accepted as (
    select
        order_id,
        line_id
    from {{ ref('stg_order_lines') }}
),

missing as (
    select distinct refused.order_id
    from refused
    left join accepted
        on refused.order_id = accepted.order_id and refused.line_id = accepted.line_id
    where refused.order_id is not null and accepted.order_id is null
)

select * from missing
