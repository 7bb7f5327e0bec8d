-- One row per answered survey or review. Counts add up; scores of different kinds are never mixed.
with

surveys as (
    select * from {{ ref('stg_surveys') }}
    where {{ on_affected_days('int_affected_survey_days', instant='responded_at') }}
),

scales as (
    select * from {{ ref('survey_scales') }}
),

tickets as (
    select * from {{ ref('stg_tickets') }}
),

orders as (
    select * from {{ ref('stg_orders') }}
),

judged as (
    select
        surveys.survey_id,
        surveys.survey_kind,
        surveys.responded_at,
        {{ business_day('surveys.responded_at') }} as responded_on,
        surveys.score,
        surveys.score >= scales.satisfied_from as is_satisfied,
        surveys.score <= scales.dissatisfied_to as is_dissatisfied,
        surveys.order_id,
        surveys.ticket_id,
        coalesce(surveys.queue, tickets.queue, '(none)') as queue,
        coalesce(surveys.shop, orders.shop, '(none)') as shop
    from surveys
    left join scales on surveys.survey_kind = scales.survey_kind
    left join tickets on surveys.ticket_id = tickets.ticket_id
    left join orders on surveys.order_id = orders.order_id
)

select * from judged
