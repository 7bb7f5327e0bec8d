-- One row per closed quarter and question: the worst light of its measures, what they say, and where the rows behind them lie. Nothing adds up.
with

measures as (
    select
        *,
        case light when 'red' then 3 when 'amber' then 2 when 'green' then 1 end as severity
    from {{ ref('health_check_measures') }}
),

named as (
    select
        *,
        case when value is null then '–' else cast({{ round_money('value', 3) }} as string) end as value_told,
        case light when 'none' then 'no data' else light end as light_told,
        case light when 'red' then '红' when 'amber' then '黄' when 'green' then '绿' else '无数据' end as light_zh
    from measures
),

told as (
    select
        *,
        name || ' ' || value_told || ' (' || light_told || ')' as told,
        name_zh || ' ' || value_told || '（' || light_zh || '）' as told_zh
    from named
),

summed as (
    select
        period_start,
        question_id,
        max(question_place) as question_place,
        max(question) as question,
        max(question_zh) as question_zh,
        max(severity) as severity,
        count(severity) as measure_count,
        count(case when light = 'none' then 1 end) as unmeasured_count,
        count(case when light = 'red' then 1 end) as red_count,
        count(case when light = 'amber' then 1 end) as amber_count,
        count(case when light = 'green' then 1 end) as green_count,
        {{ ordered_text('told', 'measure_id', '; ') }} as measures,
        {{ ordered_text('told_zh', 'measure_id', '；') }} as measures_zh,
        {{ ordered_text(
            "case when light in ('red', 'amber') then evidence_table || ' where ' || evidence_condition end",
            'measure_id', '; '
        ) }} as evidence
    from told
    group by period_start, question_id
),

followed as (
    select
        *,
        lag(severity) over (partition by question_id order by period_start) as severity_before
    from summed
),

judged as (
    select
        period_start,
        question_id,
        cast(question_place as bigint) as question_place,
        question,
        question_zh,
        case severity when 3 then 'red' when 2 then 'amber' when 1 then 'green' else 'none' end as light,
        case severity_before when 3 then 'red' when 2 then 'amber' when 1 then 'green' else 'none' end
            as light_before,
        case
            when severity is null or severity_before is null then 'none'
            when severity < severity_before then 'better'
            when severity > severity_before then 'worse'
            else 'same'
        end as trend,
        measure_count,
        unmeasured_count,
        green_count,
        amber_count,
        red_count,
        measures,
        measures_zh,
        evidence
    from followed
)

select * from judged
