-- Grain: one row a growth dialogue (the next one included) and employee, with the strongest and weakest KPIs.
with

policies as (
    select * from {{ ref('review_policies') }} as rules
    where {{ holds_before('rules', business_day(as_of()) ~ ' + 1') }}
),

posts as (
    select * from {{ ref('dim_employees') }}
),

dialogues as (
    select
        dates.held_on,
        dates.previous_held_on,
        dates.is_held,
        posts.employee_id,
        posts.manager_id,
        posts.team_id
    from {{ ref('int_rhythm_dates') }} as dates
    inner join policies on dates.days_ago <= policies.rhythm_weeks * 7
    inner join posts
        on posts.valid_from <= dates.held_on and (posts.valid_to is null or posts.valid_to > dates.held_on)
    where dates.rhythm_id = 'growth_dialogue'
),

-- Employees talk about the last month that was over.
months as (
    select
        dialogues.held_on,
        max(periods.period_start) as month_start
    from (select distinct held_on from dialogues) as dialogues
    inner join {{ ref('int_kpi_periods') }} as periods
        on
            periods.period_grain = 'month'
            and periods.is_closed
            and periods.next_period_start <= dialogues.held_on
    group by dialogues.held_on
),

-- A KPI that stands in a card twice, for the employee and for the team, is talked about as the employee's.
scores as (
    select
        period_start,
        owner_id as employee_id,
        kpi_id,
        score,
        weight
    from {{ ref('kpi_scores') }}
    where period_grain = 'month' and owner_kind = 'employee' and score is not null
    qualify row_number() over (
        partition by period_start, owner_id, kpi_id
        order by
            case when measured_owner_kind = 'employee' then 0 else 1 end asc,
            weight desc,
            measured_owner_kind asc
    ) = 1
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

ranked as (
    select
        dialogues.held_on,
        dialogues.employee_id,
        scores.kpi_id,
        kpis.name || ' ' || cast({{ round_money('scores.score', 1) }} as string) as told,
        kpis.name_zh || ' ' || cast({{ round_money('scores.score', 1) }} as string) as told_zh,
        row_number() over (
            partition by dialogues.held_on, dialogues.employee_id
            order by scores.score desc, scores.weight desc, scores.kpi_id asc
        ) as from_top,
        row_number() over (
            partition by dialogues.held_on, dialogues.employee_id
            order by scores.score asc, scores.weight asc, scores.kpi_id desc
        ) as from_bottom
    from dialogues
    inner join months on dialogues.held_on = months.held_on
    inner join scores
        on months.month_start = scores.period_start and dialogues.employee_id = scores.employee_id
    inner join kpis on scores.kpi_id = kpis.kpi_id
),

-- With fewer KPIs than both lists want, none stands in both.
sorted as (
    select
        ranked.held_on,
        ranked.employee_id,
        ranked.kpi_id,
        ranked.told,
        ranked.told_zh,
        ranked.from_top,
        ranked.from_bottom,
        ranked.from_top <= policies.dialogue_rows as is_strong,
        ranked.from_top > policies.dialogue_rows and ranked.from_bottom <= policies.dialogue_rows as is_weak
    from ranked
    cross join policies
),

lists as (
    select
        held_on,
        employee_id,
        {{ ordered_text('case when is_strong then kpi_id end', 'from_top') }} as strongest_kpi_ids,
        {{ ordered_text('case when is_weak then kpi_id end', 'from_bottom') }} as weakest_kpi_ids,
        {{ ordered_text('case when is_strong then told end', 'from_top') }} as strongest,
        {{ ordered_text('case when is_weak then told end', 'from_bottom') }} as weakest,
        {{ ordered_text('case when is_strong then told_zh end', 'from_top', '、') }} as strongest_zh,
        {{ ordered_text('case when is_weak then told_zh end', 'from_bottom', '、') }} as weakest_zh
    from sorted
    group by held_on, employee_id
),

joined as (
    select
        dialogues.held_on,
        dialogues.previous_held_on,
        dialogues.is_held,
        dialogues.employee_id,
        dialogues.manager_id,
        dialogues.team_id,
        months.month_start as scores_of_month,
        lists.strongest_kpi_ids,
        lists.weakest_kpi_ids,
        lists.strongest,
        lists.weakest,
        lists.strongest_zh,
        lists.weakest_zh
    from dialogues
    left join months on dialogues.held_on = months.held_on
    left join lists on dialogues.held_on = lists.held_on and dialogues.employee_id = lists.employee_id
)

select * from joined
