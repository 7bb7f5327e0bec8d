-- One row per dialogue (the next one included) and employee, with what there is to talk about. Nothing adds up.
with

dialogues as (
    select * from {{ ref('int_growth_dialogues') }}
),

entries as (
    select
        dialogues.held_on,
        dialogues.employee_id,
        count(*) as diary_entry_count
    from dialogues
    inner join {{ ref('fct_diary_entries') }} as diary
        on
            dialogues.employee_id = diary.employee_id
            and diary.written_on < dialogues.held_on
            and (dialogues.previous_held_on is null or diary.written_on >= dialogues.previous_held_on)
    group by dialogues.held_on, dialogues.employee_id
),

objections as (
    select
        dialogues.held_on,
        dialogues.employee_id,
        count(*) as open_objection_count
    from dialogues
    inner join {{ ref('fct_review_objections') }} as objections
        on
            dialogues.employee_id = objections.employee_id
            and objections.raised_on < dialogues.held_on
            and (
                objections.outcome = 'pending'
                or coalesce(objections.decided_on, objections.raised_on) >= dialogues.held_on
            )
    group by dialogues.held_on, dialogues.employee_id
),

joined as (
    select
        dialogues.held_on,
        dialogues.is_held,
        dialogues.employee_id,
        dialogues.manager_id,
        dialogues.team_id,
        dialogues.scores_of_month,
        dialogues.strongest_kpi_ids,
        dialogues.weakest_kpi_ids,
        dialogues.strongest,
        dialogues.weakest,
        dialogues.strongest_zh,
        dialogues.weakest_zh,
        cast(coalesce(entries.diary_entry_count, 0) as bigint) as diary_entry_count,
        cast(coalesce(objections.open_objection_count, 0) as bigint) as open_objection_count
    from dialogues
    left join entries on dialogues.held_on = entries.held_on and dialogues.employee_id = entries.employee_id
    left join objections
        on dialogues.held_on = objections.held_on and dialogues.employee_id = objections.employee_id
),

told as (
    select
        held_on,
        is_held,
        employee_id,
        manager_id,
        team_id,
        scores_of_month,
        strongest_kpi_ids,
        weakest_kpi_ids,
        diary_entry_count,
        open_objection_count,
        case
            when strongest is null then 'No KPI has a score yet.'
            else 'Strongest: ' || strongest || '.' || coalesce(' Weakest: ' || weakest || '.', '')
        end
        || ' Diary entries since the last dialogue: ' || cast(diary_entry_count as string)
        || '. Open objections: ' || cast(open_objection_count as string) || '.' as sentence,
        case
            when strongest_zh is null then '尚无指标得分。'
            else '最强：' || strongest_zh || '。' || coalesce('最弱：' || weakest_zh || '。', '')
        end
        || '上次对话以来的日志：' || cast(diary_entry_count as string)
        || ' 条。未决异议：' || cast(open_objection_count as string) || ' 项。' as sentence_zh
    from joined
)

select * from told
