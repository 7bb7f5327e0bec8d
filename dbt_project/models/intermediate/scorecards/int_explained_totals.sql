-- Grain: one row a quarter, employee and step after the lines of the scorecard, with its sentence in two languages.
with

scorecards as (
    select * from {{ ref('int_explained_scorecards') }}
),

-- A step is shown where there is something to say: no OKR where they make nothing of the score, no pay without a rule.
stepped as (
    {% set steps = {
        'redistribution': 'moved_weight > 0',
        'total': 'true',
        'okr': 'okr_final_share > 0',
        'rating': 'review_final_share > 0',
        'final': 'true',
        'tier': 'true',
        'coefficient': 'pay_status is not null',
        'pay': 'pay_status is not null',
    } %}
    {%- for step, condition in steps.items() %}
        select
            {{ loop.index }} as step_place,
            '{{ step }}' as step_kind,
            *
        from scorecards
        where {{ condition }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

explained as (
    select
        period_start,
        is_closed,
        employee_id,
        step_place,
        step_kind,
        case step_kind
            when 'total' then kpi_total
            when 'okr' then okr_total
            when 'rating' then weighted_rating
            when 'final' then cast(final_score as double)
        end as score,
        case step_kind
            when 'redistribution' then moved_weight
            when 'total' then 100 * kpi_final_share
            when 'okr' then 100 * okr_final_share
            when 'rating' then 100 * review_final_share
        end as weight,
        round(case step_kind
            when 'total' then kpi_total * kpi_final_share
            when 'okr' then okr_total * okr_final_share
            when 'rating' then weighted_rating * review_final_share
        end, 9) as final_points,
        case
            when step_kind in ('coefficient', 'pay') then pay_status
            else status
        end as status,
        case step_kind
            when 'tier' then tier_id
            when 'coefficient' then bonus_rule_id
        end as rule_id,
        case when step_kind in ('coefficient', 'pay') then coefficient end as coefficient,
        case when step_kind = 'pay' then currency end as currency,
        case when step_kind = 'pay' then total_amount end as amount,
        {{ total_sentence('en') }} as sentence,
        {{ total_sentence('zh') }} as sentence_zh,
        basis
    from stepped
)

select * from explained
